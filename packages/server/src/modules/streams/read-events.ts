import type { FeedEvent as WireEvent } from '@carillon/wire';
import type { Queryable } from '../../platform/database/database.ts';
import { findInboundTexts } from '../channels/index.ts';
import { readBatches, readFeed } from '../feed/index.ts';
import type { FeedCursor, FeedSlice } from '../feed/index.ts';
import { findMessageInfos, findPeople, readLedgerPages } from './event-store.ts';
import { happeningsOf, isInboundText } from './happening.ts';
import type { EventPlace } from './happening.ts';
import { presentHappening } from './present-happening.ts';

/** An event with its place. */
export interface PlacedEvent {
  readonly event: WireEvent;
  readonly place: EventPlace;
}

export interface EventPage {
  readonly events: WireEvent[];
  /** In the order of the events. */
  readonly places: readonly EventPlace[];
  readonly cursor: FeedCursor;
  readonly more: boolean;
}

/** The next events of an app, at most `limit`: six statements, however many there are. */
export async function readEvents(
  database: Queryable,
  appId: string,
  cursor: FeedCursor,
  limit: number,
  isWanted: IsWantedBatch = () => true,
): Promise<EventPage> {
  const page = await readFeed(database, appId, cursor, limit);
  const wanted = page.slices.filter(({ batch }) => isWanted(batch.messageId));
  const placed = await presentSlices(database, appId, wanted);
  return {
    events: placed.map(({ event }) => event),
    places: placed.map(({ place }) => place),
    cursor: page.cursor,
    more: page.more,
  };
}

/** Leaves out what is of other messages, before anything is looked up for it. */
export type IsWantedBatch = (messageId: string | null) => boolean;

/** The events at these places, as far as they are kept, in the order of the places. */
export async function readEventsAt(
  database: Queryable,
  appId: string,
  places: readonly EventPlace[],
): Promise<PlacedEvent[]> {
  const batches = await readBatches(database, appId, places);
  const byPlace = new Map(batches.map((batch) => [`${batch.lane} ${batch.position}`, batch]));
  const slices = places.flatMap(({ lane, position, nth }) => {
    const batch = byPlace.get(`${lane} ${position}`);
    return batch === undefined ? [] : [{ batch, from: nth, to: nth + 1 }];
  });
  return presentSlices(database, appId, slices);
}

async function presentSlices(
  database: Queryable,
  appId: string,
  slices: readonly FeedSlice[],
): Promise<PlacedEvent[]> {
  if (slices.length === 0) return [];
  // Several slices can be of one batch.
  const batches = new Set(slices.flatMap(({ batch }) => (batch.kind === 'deliveries' ? [batch] : [])));
  const ledger = await readLedgerPages(database, [...batches]);
  const happenings = slices.flatMap((slice) => happeningsOf(slice, ledger));
  const ids = new Set(happenings.flatMap(({ messageId }) => (messageId === null ? [] : [messageId])));
  const messages = await findMessageInfos(database, appId, [...ids]);
  const people = await findPeople(database, appId, happenings);
  const texts = await findInboundTexts(
    database,
    appId,
    happenings.flatMap((happening) => (isInboundText(happening) ? [happening.id] : [])),
  );
  return happenings.map((happening, index) => ({
    place: happening.place,
    event: presentHappening(happening, {
      message: messages.get(happening.messageId ?? ''),
      person: people[index],
      text: texts.get(happening.id),
    }),
  }));
}
