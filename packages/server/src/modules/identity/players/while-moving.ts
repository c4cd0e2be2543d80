import { ApiError } from '../../../platform/http/api-error.ts';

/** Somebody else may move the same player again and again, but hardly so often. */
const MOST_ATTEMPTS = 10;

/**
 * Runs `work`, which reads a player and writes to its user, anew when that user was gone by then: an
 * anonymous user goes when its player is moved. Throws what `work` throws otherwise.
 */
export async function whileMoving<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const moved = error instanceof ApiError && error.code === 'user-not-found';
      if (!moved || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}
