import { mayRetry } from '@carillon/client';
import type { Answer, Failure } from '@carillon/client';
import type { Pace } from './pace.ts';

/** Tries after which an answer of 500 is taken to be about this one request. */
const MOST_SERVER_ERRORS = 8;

/**
 * Calls until there is an answer that will not change: outages and rate limits are waited out for
 * ever, at the pace that all calls of a kind share; a 5xx other than 503 only a few times, so that one
 * request which the server cannot digest does not hold up all others.
 */
export async function persist<Value>(
  pace: Pace,
  signal: AbortSignal,
  onTrouble: (failure: Failure) => void,
  call: () => Promise<Answer<Value>>,
): Promise<Answer<Value>> {
  for (let serverErrors = 0; ;) {
    await pace.turn(signal);
    if (signal.aborted) return { ok: false, failure: { kind: 'aborted' } };
    const answer = await call();
    if (answer.ok || !mayRetry(answer.failure)) {
      // A refusal is an answer, too: the server is there.
      pace.answered(null);
      return answer;
    }
    const { failure } = answer;
    if (failure.kind === 'unavailable' && failure.status !== 503) serverErrors += 1;
    if (serverErrors === MOST_SERVER_ERRORS) return answer;
    onTrouble(failure);
    pace.answered(failure);
  }
}
