import { ENDED_STATES } from '@carillon/wire';
import { deviceTypeOf } from '../identity/index.ts';
import type { Recipient } from '../identity/index.ts';

/**
 * Where a targeted subscription can end. Each ends in exactly one of these, with a reason for all
 * but the first:
 *
 * - sent: the provider has taken it.
 * - failed: the provider refused it for good, or it could not be rendered, or retries ran out.
 * - unsubscribed: the subscription was off when its turn came.
 * - suppressed: the address is on the suppression list, or its user is held out.
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
  /** The kind of device, as its number; null for emails, and where nobody looked it up. */
  readonly deviceType: number | null;
  readonly state: DeliveryState;
  readonly reason: string | null;
  /** The provider's own name for it. */
  readonly ref: string | null;
  /** How often it was handed over: 0 when it never was. */
  readonly attempts: number;
  /** Copies of it that the provider has taken; none when absent. */
  readonly copies?: number;
  /** Suppressed because its user is held out; not so when absent. */
  readonly heldOut?: boolean;
}

/** Handed over without success; to be tried again at `dueAt` (milliseconds since the epoch). */
export interface Retry {
  readonly subscriptionId: string;
  readonly attempts: number;
  readonly dueAt: number;
  readonly reason: string;
}

/** Whose a row of the ledger is. */
export function ownerOf({
  subscriptionId,
  userId,
  channel,
  type,
}: Pick<Recipient, 'subscriptionId' | 'userId' | 'channel' | 'type'>): Pick<
  Delivery,
  'subscriptionId' | 'userId' | 'deviceType'
> {
  return { subscriptionId, userId, deviceType: channel === 'email' ? null : deviceTypeOf(type) };
}

export function countStates(deliveries: readonly Delivery[]): DeliveryCounts {
  const counts = Object.fromEntries(DELIVERY_STATES.map((state) => [state, 0])) as Record<
    DeliveryState,
    number
  >;
  for (const { state } of deliveries) counts[state] += 1;
  return counts;
}

/** Of a kind of device: taken by the provider, found off or held back, and everything that went wrong. */
export interface PlatformCounts {
  readonly deviceType: number;
  readonly successful: number;
  readonly failed: number;
  readonly errored: number;
}

const TEXT_MESSAGE = deviceTypeOf('SMS');

/** How deliveries ended on each kind of device; none on channels that are one kind. */
export function countPlatforms(deliveries: readonly Delivery[]): readonly PlatformCounts[] {
  const byType = new Map<number, Delivery[]>();
  for (const delivery of deliveries) {
    if (delivery.deviceType === null || delivery.deviceType === TEXT_MESSAGE) continue;
    const group = byType.get(delivery.deviceType);
    if (group === undefined) byType.set(delivery.deviceType, [delivery]);
    else group.push(delivery);
  }
  return [...byType].map(([deviceType, group]) => ({ deviceType, ...countResults(countStates(group)) }));
}

/** The three numbers that clients know, of all the states in which deliveries end. */
export function countResults(
  counts: DeliveryCounts,
): Pick<PlatformCounts, 'successful' | 'failed' | 'errored'> {
  return {
    successful: counts.sent,
    failed: counts.unsubscribed + counts.suppressed + counts.capped,
    errored: counts.failed + counts.unknown + counts.expired,
  };
}
