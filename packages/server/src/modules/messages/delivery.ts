import { ENDED_STATES } from '@carillon/wire';

/**
 * Where a targeted subscription can end. Each ends in exactly one of these, with a reason for all
 * but the first:
 *
 * - sent: the provider has taken it.
 * - failed: the provider refused it for good, or it could not be rendered, or retries ran out.
 * - unsubscribed: the subscription was off when its turn came.
 * - suppressed: the address is on the suppression list.
 * - capped: a frequency cap held it back.
 * - expired: its time to live was over.
 * - cancelled: the message was cancelled before its turn came.
 * - unknown: the process died during the hand-over, and the message asks for at-most-once or has been
 *   cancelled since.
 */
export const DELIVERY_STATES = ENDED_STATES;

export type DeliveryState = (typeof DELIVERY_STATES)[number];

export type DeliveryCounts = Readonly<Record<DeliveryState, number>>;

/** One row of the ledger, about to be written. */
export interface Delivery {
  readonly subscriptionId: string;
  /** Null when the subscription was gone before its turn came. */
  readonly userId: string | null;
  readonly state: DeliveryState;
  readonly reason: string | null;
  /** The provider's own name for it. */
  readonly ref: string | null;
  /** How often it was handed over: 0 when it never was. */
  readonly attempts: number;
  /** Copies of it that the provider has taken; none when absent. */
  readonly copies?: number;
}

/** Handed over without success; to be tried again at `dueAt` (milliseconds since the epoch). */
export interface Retry {
  readonly subscriptionId: string;
  readonly attempts: number;
  readonly dueAt: number;
  readonly reason: string;
}

export function countStates(deliveries: readonly Delivery[]): DeliveryCounts {
  const counts = Object.fromEntries(DELIVERY_STATES.map((state) => [state, 0])) as Record<
    DeliveryState,
    number
  >;
  for (const { state } of deliveries) counts[state] += 1;
  return counts;
}
