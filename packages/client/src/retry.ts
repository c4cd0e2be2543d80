import { mayRetry } from './failure.ts';
import type { Failure } from './failure.ts';

export interface RetryPolicy {
  /** Tries after the first one. 0 leaves retrying to the caller. */
  readonly retries: number;
  /** First pause in milliseconds, doubled each time; kept within 1,000 to 60,000. */
  readonly baseDelayMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { retries: 3, baseDelayMs: 1000 };

/**
 * How long to wait before the next try, in milliseconds, or null when there is none.
 * `attempt` counts from 0. A call that is not `repeatable` is tried again only when the server said
 * that it did nothing: 429 and 503.
 */
export function retryDelay(
  policy: RetryPolicy,
  attempt: number,
  failure: Failure,
  repeatable: boolean,
): number | null {
  if (attempt >= policy.retries || !mayRetry(failure)) return null;
  if (failure.kind === 'unreachable' && !repeatable) return null;
  if (failure.kind === 'unavailable' && failure.status !== 503) return null;
  return delayAfter(policy, attempt, failure);
}

/**
 * The same for a load, which goes on with what has no result: any failure that may pass is worth
 * another try.
 */
export function resumeDelay(policy: RetryPolicy, attempt: number, failure: Failure): number | null {
  return attempt < policy.retries && mayRetry(failure) ? delayAfter(policy, attempt, failure) : null;
}

function delayAfter(policy: RetryPolicy, attempt: number, failure: Failure): number {
  if (failure.kind !== 'unreachable' && 'retryAfterMs' in failure && failure.retryAfterMs !== null) {
    return failure.retryAfterMs;
  }
  return Math.min(60_000, Math.max(1000, policy.baseDelayMs)) * 2 ** attempt;
}
