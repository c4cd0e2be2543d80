/** One row of the feed: a batch of events of one app in one lane. */
export type FeedBatch = DeliveriesBatch | EventsBatch;

interface Placed {
  readonly lane: number;
  readonly position: number;
  /** Of the database, in days since the epoch. */
  readonly day: number;
  /** How many events the batch holds. */
  readonly size: number;
  /** When it was written, in milliseconds since the epoch, on the injected clock. */
  readonly at: number;
}

/** Refers to the ledger rows of one page: those of `page` between `firstId` and `lastId`, both included. */
export interface DeliveriesBatch extends Placed {
  readonly kind: 'deliveries';
  readonly messageId: string;
  readonly page: number;
  readonly firstId: string;
  readonly lastId: string;
}

/** What happened after the hand-over, in the order in which it became known. */
export interface EventsBatch extends Placed {
  readonly kind: 'events';
  /** Null for what people have texted: each such event is a row of inbound_sms. */
  readonly messageId: string | null;
  readonly events: readonly FeedEvent[];
}

export interface FeedEvent {
  readonly id: string;
  readonly kind: string;
  /** Null where it is about nobody's subscription. */
  readonly subscriptionId: string | null;
  readonly userId: string | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly data: Readonly<Record<string, unknown>> | null;
}
