import { makeStorable } from '../../../platform/http/storable-text.ts';
import type { Recipient } from '../../identity/index.ts';
import { ownerOf } from '../delivery.ts';
import type { Delivery, Retry } from '../delivery.ts';
import type { Fate } from './fate.ts';
import { retryDelay } from './retry-schedule.ts';

export type Verdict = { readonly final: Delivery } | { readonly again: Retry };

/**
 * What one hand-over means for the ledger: a row now, or another attempt later. A provider's words are
 * made storable: a page that cannot be written would be handed over again and again.
 *
 * @param attempts hand-overs including this one
 * @param now milliseconds since the epoch
 */
export function judgeOutcome(
  recipient: Pick<Recipient, 'subscriptionId' | 'userId' | 'channel' | 'type'>,
  outcome: Fate,
  attempts: number,
  now: number,
): Verdict {
  const { subscriptionId } = recipient;
  const owner = ownerOf(recipient);
  switch (outcome.state) {
    case 'sent': {
      const ref = outcome.ref === null ? null : makeStorable(outcome.ref);
      const final: Delivery = { ...owner, state: 'sent', reason: null, ref, attempts };
      return { final: outcome.copies === undefined ? final : { ...final, copies: outcome.copies } };
    }
    case 'failed': {
      const reason = makeStorable(outcome.reason);
      return { final: { ...owner, state: 'failed', reason, ref: null, attempts } };
    }
    case 'held': {
      const { until: dueAt, reason } = outcome;
      return { again: { subscriptionId, attempts: attempts - 1, dueAt, reason: makeStorable(reason) } };
    }
    case 'moved': {
      const { until: dueAt, reason } = outcome;
      return { again: { subscriptionId, attempts, dueAt, reason: makeStorable(reason) } };
    }
    case 'retry': {
      const said = makeStorable(outcome.reason);
      const delay = retryDelay(attempts, outcome.afterMs, Math.random());
      if (delay !== null) {
        return { again: { subscriptionId, attempts, dueAt: now + delay, reason: said } };
      }
      const reason = `gave up after ${attempts} attempts: ${said}`;
      return { final: { ...owner, state: 'failed', reason, ref: null, attempts } };
    }
  }
}
