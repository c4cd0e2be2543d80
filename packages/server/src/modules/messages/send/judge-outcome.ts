import type { Outcome } from '../../channels/index.ts';
import type { Delivery, Retry } from '../delivery.ts';
import { retryDelay } from './retry-schedule.ts';

export type Verdict = { readonly final: Delivery } | { readonly again: Retry };

/**
 * What one hand-over means for the ledger: a row now, or another attempt later.
 *
 * @param attempts hand-overs including this one
 * @param now milliseconds since the epoch
 */
export function judgeOutcome(
  recipient: { readonly subscriptionId: string; readonly userId: string },
  outcome: Outcome,
  attempts: number,
  now: number,
): Verdict {
  const { subscriptionId, userId } = recipient;
  switch (outcome.state) {
    case 'sent':
      return { final: { subscriptionId, userId, state: 'sent', reason: null, ref: outcome.ref, attempts } };
    case 'failed':
      return {
        final: { subscriptionId, userId, state: 'failed', reason: outcome.reason, ref: null, attempts },
      };
    case 'retry': {
      const delay = retryDelay(attempts, outcome.afterMs, Math.random());
      if (delay !== null) {
        return { again: { subscriptionId, attempts, dueAt: now + delay, reason: outcome.reason } };
      }
      const reason = `gave up after ${attempts} attempts: ${outcome.reason}`;
      return { final: { subscriptionId, userId, state: 'failed', reason, ref: null, attempts } };
    }
  }
}
