import type { DeliveryReference } from './delivery-reference.ts';

/** What a channel learns about a delivery after the hand-over. */
export type DeliveryEventKind =
  | 'delivered'
  /** The address takes no mail, for good. */
  | 'bounced'
  /** This mail was not taken, which says nothing of the next one: a full mailbox, a message that was refused. */
  | 'soft_bounced'
  /** Its person has reported it as spam. */
  | 'complained'
  | 'opened'
  | 'clicked'
  | 'unsubscribed';

export interface DeliveryEvent extends DeliveryReference {
  /** The same event told twice has the same id: whoever records it can drop the second. */
  readonly id: string;
  readonly kind: DeliveryEventKind;
  /** Whose report it is, where it is told for one app: it counts for that app's deliveries alone. */
  readonly appId?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** clicked: the address behind the link. */
  readonly url?: string;
  /** bounced, soft_bounced, complained: what the other side said. unsubscribed: by which way. */
  readonly reason?: string;
}

/**
 * Takes events in, implemented by the messages module. Resolves when they are committed. An event that
 * was recorded before is dropped without an error. A fast provider reports before the page's ledger
 * rows are committed, so an event must be kept although its row is not there yet.
 */
export type RecordDeliveryEvents = (events: readonly DeliveryEvent[]) => Promise<void>;

/** One thing that is known of a delivery, for a person to read. */
export interface DeliveryHistoryEntry {
  /** `sent`, `delivered`, `opened` ... */
  readonly kind: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly url?: string;
  readonly reason?: string;
}

/** Everything that is known of one delivery, the oldest first. Implemented by the messages module. */
export type ReadDeliveryHistory = (reference: DeliveryReference) => Promise<readonly DeliveryHistoryEntry[]>;
