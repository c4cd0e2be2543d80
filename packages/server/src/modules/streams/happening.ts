import { nameId } from '../../platform/ids.ts';
import type { BatchPlace, DeliveriesBatch, FeedSlice } from '../feed/index.ts';
import type { LedgerRow } from './event-store.ts';

/** Where an event is in the feed, for good: a batch, and which of its events. */
export interface EventPlace extends BatchPlace {
  readonly nth: number;
}

/** What the feed says of one person, before names and addresses are put to it. */
export interface Happening {
  readonly id: string;
  readonly lane: number;
  readonly place: EventPlace;
  /** Null for what is about no message: a text from a person, and the topics of the feed. */
  readonly messageId: string | null;
  readonly subscriptionId: string | null;
  readonly userId: string | null;
  readonly what: string;
  readonly at: number;
  readonly data: Readonly<Record<string, unknown>> | null;
  /** What became of a delivery, and nothing that a person did. */
  readonly isDelivery: boolean;
}

/** Something that somebody has texted: what it says is kept elsewhere. */
export function isInboundText({ messageId, what }: Happening): boolean {
  return messageId === null && what === 'inbound';
}

/** A part of a batch, one by one. `ledger` has the pages that batches of deliveries refer to. */
export function happeningsOf(
  { batch, from, to }: FeedSlice,
  ledger: ReadonlyMap<DeliveriesBatch, readonly LedgerRow[]>,
): Happening[] {
  const { lane, position, day } = batch;
  const placeOf = (index: number) => ({ lane, position, day, nth: from + index });
  switch (batch.kind) {
    case 'deliveries': {
      const { messageId } = batch;
      return (ledger.get(batch) ?? [])
        .slice(from, to)
        .map(({ subscriptionId, userId, state, reason, at }, index) => ({
          id: nameId(messageId, subscriptionId, state),
          lane,
          place: placeOf(index),
          messageId,
          subscriptionId,
          userId,
          what: state,
          at: at.getTime(),
          data: { reason },
          isDelivery: true,
        }));
    }
    case 'events':
      return batch.events.slice(from, to).map(({ id, subscriptionId, userId, kind, at, data }, index) => ({
        id,
        lane,
        place: placeOf(index),
        messageId: batch.messageId,
        subscriptionId,
        userId,
        what: kind,
        at,
        data,
        isDelivery: false,
      }));
  }
}
