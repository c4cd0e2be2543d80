import { LoadFailed, mayRetry } from '@carillon/client';
import type { Client, Failure } from '@carillon/client';
import { DONE } from '../destination.ts';
import type { Delivered, UserWrite } from '../destination.ts';
import { inParallel } from '../in-parallel.ts';
import type { Pace } from '../pace.ts';
import { TargetRefused } from '../target-refused.ts';
import { userBodyWithConsent } from '../user-body.ts';

/** A server error that comes so often in a row is about what is sent. */
const MOST_SERVER_ERRORS = 8;
const AT_A_TIME = 16;

type Taken = 'created' | 'updated' | 'unchanged';

export interface OnceTaken {
  /** What is left to do for a user that was taken; null where nothing is. */
  readonly afterwards: (write: UserWrite, status: Taken) => (() => Promise<Delivered>) | null;
  /** Writes a user alone. */
  readonly alone: (write: UserWrite) => Promise<Delivered>;
}

/**
 * Writes many users in one request, and goes on behind the last one that has a result when the request
 * ends early. Where bulk does not work (a server without it, or one that fails over what it is sent),
 * the rest goes one by one, so that one user cannot spoil it for the others.
 */
export async function putMany(
  client: Client,
  writes: readonly UserWrite[],
  pace: Pace,
  onTrouble: (failure: Failure) => void,
  signal: AbortSignal,
  { afterwards, alone }: OnceTaken,
): Promise<readonly Delivered[]> {
  const results: Delivered[] = [];
  const left: (() => Promise<void>)[] = [];
  const later = (index: number, work: () => Promise<Delivered>) =>
    left.push(async () => {
      results[index] = await work();
    });
  for (let serverErrors = 0; results.length < writes.length;) {
    await pace.turn(signal);
    const before = results.length;
    try {
      const bodies = writes.slice(before).map(({ user }) => userBodyWithConsent(user));
      for await (const batch of client.users.upsertInBatches(bodies, { signal })) {
        for (const result of batch) {
          const index = results.length;
          const write = writes[index];
          if (write === undefined) break;
          if (result.status === 'rejected') {
            results.push({ kind: 'rejected', rule: result.errors.map(({ title }) => title).join('; ') });
          } else {
            results.push(DONE);
            const rest = afterwards(write, result.status);
            if (rest !== null) later(index, rest);
          }
        }
      }
      pace.answered(null);
    } catch (error) {
      if (!(error instanceof LoadFailed)) throw error;
      const { failure } = error;
      if (failure.kind === 'aborted') break;
      serverErrors = failure.kind === 'unavailable' && results.length === before ? serverErrors + 1 : 0;
      if (!mayRetry(failure) || serverErrors === MOST_SERVER_ERRORS) {
        if (failure.kind === 'unauthorized') throw new TargetRefused(failure);
        for (const write of writes.slice(results.length)) {
          later(results.length, () => alone(write));
          results.push({ kind: 'aborted' });
        }
        break;
      }
      onTrouble(failure);
      pace.answered(failure);
    }
  }
  await inParallel(left, AT_A_TIME, (work) => work());
  return writes.map((_, index) => results[index] ?? { kind: 'aborted' });
}
