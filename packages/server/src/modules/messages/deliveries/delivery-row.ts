import type { DeliveryState } from '@carillon/wire';

/** A delivery as it is read: a row of the ledger, or what will become one. */
export interface DeliveryRow {
  readonly lane: number;
  readonly messageId: string;
  readonly subscriptionId: string;
  readonly userId: string | null;
  readonly externalId: string | null;
  readonly state: DeliveryState;
  readonly reason: string | null;
  readonly attempts: number;
  readonly ref: string | null;
  readonly endedAt: Date | null;
  readonly dueAt: Date | null;
  readonly events: readonly StoredEvent[] | null;
}

export interface StoredEvent {
  readonly kind: string;
  /** As PostgreSQL writes it into JSON. */
  readonly at: string;
  readonly data: { readonly url?: unknown; readonly reason?: unknown } | null;
}

/** What the message itself says about each of its deliveries. */
export interface MessageOfDelivery {
  readonly id: string;
  readonly name: string | null;
  readonly templateId: string | null;
  readonly channel: string;
}

/** Deliveries that were found, and how far the search for them came. */
export interface FoundDeliveries<Place> {
  readonly rows: DeliveryRow[];
  /** The last place that was looked at when that was as much as was allowed; null when there is nothing behind. */
  readonly last: Place | null;
}
