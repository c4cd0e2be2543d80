import type { Outcome } from '../../channels/index.ts';
import type { Recipient } from '../../identity/index.ts';
import type { Message } from '../message.ts';
import type { Delivery, Retry } from '../delivery.ts';
import type { Held } from './circuit.ts';
import { judgeOutcome } from './judge-outcome.ts';
import type { Plan, PlanPage } from '../timing/plan-page.ts';
import type { Page } from './page.ts';

/** Renders and delivers to recipients that can be reached: an outcome for each, in their order. */
export type Deliver = (job: {
  readonly message: Message;
  /** The lane of the ledger rows: a recipient may live elsewhere by now. */
  readonly lane: number;
  readonly recipients: readonly Recipient[];
  /** 1 for the first hand-over. */
  readonly attempt: (subscriptionId: string) => number;
}) => Promise<readonly (Outcome | Held)[]>;

export interface HandedOver {
  readonly deliveries: readonly Delivery[];
  readonly retries: readonly Retry[];
}

export interface HandOverOptions {
  readonly deliver: Deliver;
  readonly plan: PlanPage;
  readonly now: () => number;
}

/**
 * Hands a page over: whoever can be reached and has their turn gets the message, and everyone on the page gets a row
 * for the ledger or another attempt. `found` are the recipients that still exist.
 */
export async function handOver(
  page: Page,
  found: readonly Recipient[],
  { deliver, plan, now }: HandOverOptions,
): Promise<HandedOver> {
  const planned = await planOf(page, found, plan);
  const reachable = planned.now;
  const attempt = (id: string) => (page.tried.get(id) ?? 0) + 1;
  const job = { message: page.message, lane: page.chunk.lane, recipients: reachable, attempt };
  const outcomes = reachable.length === 0 ? [] : await deliver(job);

  const deliveries = [...skipped(page, found), ...planned.ended];
  const retries = [...planned.later];
  const at = now();
  for (const [index, recipient] of reachable.entries()) {
    const outcome = outcomes[index] ?? {
      state: 'retry',
      reason: 'the channel gave no answer',
      afterMs: null,
    };
    const verdict = judgeOutcome(recipient, outcome, attempt(recipient.subscriptionId), at);
    if ('final' in verdict) deliveries.push(verdict.final);
    else retries.push(verdict.again);
  }
  return { deliveries, retries };
}

/** What becomes of those that can be reached. */
function planOf(page: Page, found: readonly Recipient[], plan: PlanPage): Promise<Plan> {
  const reachable = found.filter((recipient) => recipient.reachable);
  return plan(page.message, reachable, page.tried);
}

/**
 * A page whose sender died during the hand-over, of a message that is to come once at most. Whose turn is still
 * to come was not handed over.
 */
export async function withholdDoubted(
  page: Page,
  found: readonly Recipient[],
  { plan }: Pick<HandOverOptions, 'plan'>,
): Promise<HandedOver> {
  const { later } = await planOf(page, found, plan);
  const waiting = new Set(later.map(({ subscriptionId }) => subscriptionId));
  const rest = { ...page, ids: page.ids.filter((id) => !waiting.has(id)) };
  return { ...withhold(rest, 'unknown', DIED), retries: later };
}

export const DIED = 'the sender died during the hand-over';

/** A page that is not handed over, and why: each of its ids ends in `state`. */
export function withhold(page: Page, state: 'cancelled' | 'unknown', reason: string): HandedOver {
  const deliveries = page.ids.map((subscriptionId) => ({
    subscriptionId,
    userId: null,
    state,
    reason,
    ref: null,
    attempts: page.tried.get(subscriptionId) ?? 0,
  }));
  return { deliveries, retries: [] };
}

function skipped(page: Page, found: readonly Recipient[]): Delivery[] {
  const there = new Map(found.map((recipient) => [recipient.subscriptionId, recipient]));
  return page.ids.flatMap((subscriptionId): Delivery[] => {
    const recipient = there.get(subscriptionId);
    const attempts = page.tried.get(subscriptionId) ?? 0;
    if (recipient === undefined) {
      return [
        {
          subscriptionId,
          userId: null,
          state: 'failed',
          reason: 'the subscription was deleted',
          ref: null,
          attempts,
        },
      ];
    }
    if (recipient.reachable) return [];
    const { userId } = recipient;
    return [
      {
        subscriptionId,
        userId,
        state: 'unsubscribed',
        reason: 'the subscription is off',
        ref: null,
        attempts,
      },
    ];
  });
}
