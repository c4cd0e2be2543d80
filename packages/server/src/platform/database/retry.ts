import pg from 'pg';

const ATTEMPTS = 8;
const FIRST_PAUSE_MS = 2;

/**
 * Runs `work` again, up to seven times, when it failed by a deadlock or a serialization failure. The pauses
 * double and are random, so that those who met do not meet again.
 */
export async function retryTransient<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || attempt === ATTEMPTS) throw error;
      const longest = FIRST_PAUSE_MS * 2 ** attempt;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * longest));
    }
  }
}

/** 40001 serialization failure, 40P01 deadlock: the same transaction may well succeed the next time. */
export function isTransient(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '40001' || error.code === '40P01');
}

/** 23505: a row with this key is there, or came while we waited for its writer. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '23505';
}

/** A restart of the database and a switch to its stand-in are over by then. */
const AWAY_MS = 30_000;
const AGAIN_MS = 250;

/**
 * Like `retryTransient`, and again and again for half a minute while the database cannot be reached.
 * `work` may have been committed when it failed: only for what does nothing the second time.
 */
export async function retryWhileAway<Result>(work: () => Promise<Result>): Promise<Result> {
  const until = performance.now() + AWAY_MS;
  for (;;) {
    try {
      return await retryTransient(work);
    } catch (error) {
      if (!isAway(error) || performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

/** Class 08 connection exception, 57P01 to 57P03 shutting down or starting, 53300 no place left. */
const AWAY = /^(?:08...|57P0[123]|53300)$/;

/** Without an answer of the server: what the system or pg itself says of a connection. */
const NO_CONNECTION = /^(?:E[A-Z]+)$|connection/i;

function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (error instanceof pg.DatabaseError) return AWAY.test(code);
  return NO_CONNECTION.test(code === '' ? error.message : code);
}
