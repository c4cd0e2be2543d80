import type { Recipient, UserPlace } from '../../identity/index.ts';
import { ownerOf } from '../delivery.ts';
import type { Delivery, Retry } from '../delivery.ts';
import { holdOut } from '../hold-out.ts';
import { NO_ANSWER } from './deliverer.ts';
import type { Deliverer } from './deliverer.ts';
import { judgeOutcome } from './judge-outcome.ts';
import type { PlanPage } from '../timing/plan-page.ts';
import type { Page } from './page.ts';

/** What a provider said of an address. */
export interface UnreachableAddress extends UserPlace {
  readonly subscriptionId: string;
  /** The address that was meant: the subscription may have another one by now. */
  readonly token: string;
  readonly notificationTypes: number;
}

/** A device that has another address from now on. */
export interface MovedAddress extends Omit<UnreachableAddress, 'notificationTypes'> {
  readonly newToken: string;
}

export interface HandedOver {
  readonly deliveries: readonly Delivery[];
  readonly retries: readonly Retry[];
  /** Addresses that nothing can be sent to any more. */
  readonly unreachable?: readonly UnreachableAddress[];
  readonly moved?: readonly MovedAddress[];
}

export interface HandOverOptions {
  readonly deliver: Deliverer['deliver'];
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
  const isBack = (id: string) => page.tried.has(id);
  const job = { message: page.message, lane: page.chunk.lane, recipients: reachable, attempt, isBack };
  const outcomes = reachable.length === 0 ? [] : await deliver(job);

  const deliveries = [...skipped(page, found), ...planned.heldOut, ...planned.ended];
  const retries = [...planned.later];
  const unreachable: UnreachableAddress[] = [];
  const moved: MovedAddress[] = [];
  const at = now();
  for (const [index, recipient] of reachable.entries()) {
    const outcome = outcomes[index] ?? NO_ANSWER;
    const verdict = judgeOutcome(recipient, outcome, attempt(recipient.subscriptionId), at);
    if ('final' in verdict) deliveries.push(verdict.final);
    else retries.push(verdict.again);
    const { lane, userId, subscriptionId, token } = recipient;
    const place = { lane, userId, subscriptionId, token };
    if (outcome.state === 'failed' && outcome.address !== undefined) {
      unreachable.push({ ...place, ...outcome.address });
    }
    if (outcome.state === 'sent' && outcome.newToken !== undefined) {
      moved.push({ ...place, newToken: outcome.newToken });
    }
  }
  return { deliveries, retries, unreachable, moved };
}

/** What becomes of those that can be reached. Whoever is held out gets no mark of a frequency cap. */
async function planOf({ message, tried }: Page, found: readonly Recipient[], plan: PlanPage) {
  const reachable = found.filter((recipient) => isReached(message, recipient));
  const { meant, heldOut } = holdOut(message.holdOut, reachable, tried);
  return { ...(await plan(message, meant, tried)), heldOut };
}

/**
 * A page whose sender died during the hand-over, of a message that is to come once at most. Whose turn is still
 * to come was not handed over, nor was it to whom is held out.
 */
export async function withholdDoubted(
  page: Page,
  found: readonly Recipient[],
  { plan }: Pick<HandOverOptions, 'plan'>,
): Promise<HandedOver> {
  const { later, heldOut } = await planOf(page, found, plan);
  const rest = without(page, [...later, ...heldOut]);
  return { deliveries: [...heldOut, ...withhold(rest, 'unknown', DIED).deliveries], retries: later };
}

/** A page whose sender died during the hand-over, of a message that was cancelled since. */
export function withholdCancelled(page: Page, found: readonly Recipient[]): HandedOver {
  const reachable = found.filter((recipient) => isReached(page.message, recipient));
  const { heldOut } = holdOut(page.message.holdOut, reachable, page.tried);
  const rest = withhold(without(page, heldOut), 'unknown', DIED);
  return { deliveries: [...heldOut, ...rest.deliveries], retries: [] };
}

function isReached({ audience }: Page['message'], { reachable, token }: Recipient): boolean {
  return reachable || (audience?.unsubscribedToo === true && token !== '');
}

function without(page: Page, some: readonly { readonly subscriptionId: string }[]): Page {
  const others = new Set(some.map(({ subscriptionId }) => subscriptionId));
  return { ...page, ids: page.ids.filter((id) => !others.has(id)) };
}

const DIED = 'the sender died during the hand-over';

/** A page that is not handed over, and why: each of its ids ends in `state`. */
export function withhold(page: Page, state: 'cancelled' | 'unknown', reason: string): HandedOver {
  const deliveries = page.ids.map((subscriptionId) => ({
    subscriptionId,
    userId: null,
    deviceType: null,
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
          deviceType: null,
          state: 'failed',
          reason: 'the subscription was deleted',
          ref: null,
          attempts,
        },
      ];
    }
    if (isReached(page.message, recipient)) return [];
    return [
      {
        ...ownerOf(recipient),
        state: 'unsubscribed',
        reason: 'the subscription is off',
        ref: null,
        attempts,
      },
    ];
  });
}
