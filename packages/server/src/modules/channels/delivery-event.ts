/** What a channel learns about a delivery after the hand-over. */
export type DeliveryEventKind = 'delivered' | 'bounced' | 'opened' | 'clicked';

export interface DeliveryEvent {
  /** The same event told twice has the same id: whoever records it can drop the second. */
  readonly id: string;
  readonly lane: number;
  readonly messageId: string;
  readonly subscriptionId: string;
  readonly kind: DeliveryEventKind;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** clicked: the address behind the link. */
  readonly url?: string;
  /** bounced: what the receiving side said. */
  readonly reason?: string;
}

/**
 * Takes events in, implemented by the messages module. Resolves when they are committed. An event
 * of a delivery that is unknown, or that has been recorded before, is dropped without an error.
 */
export type RecordDeliveryEvents = (events: readonly DeliveryEvent[]) => Promise<void>;
