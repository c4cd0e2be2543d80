import type { FeedEvent as WireEvent } from '@carillon/wire';
import type { Queryable } from '../../platform/database/database.ts';
import { nameId } from '../../platform/ids.ts';
import { findInboundTexts } from '../channels/index.ts';
import { readBatches, readFeed } from '../feed/index.ts';
import type { BatchPlace, DeliveriesBatch, FeedCursor, FeedSlice } from '../feed/index.ts';
import { eventKind } from './event-kind.ts';
import { findMessageInfos, findPeople, readLedgerPages } from './event-store.ts';
import type { LedgerRow, MessageInfo, Person } from './event-store.ts';

/** Where an event is in the feed, for good: a batch, and which of its events. */
export interface EventPlace extends BatchPlace {
  readonly nth: number;
}

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

/** What the feed says of one subscription, before names and addresses are put to it. */
interface Happening {
  readonly id: string;
  readonly lane: number;
  readonly place: EventPlace;
  readonly messageId: string | null;
  readonly subscriptionId: string | null;
  readonly userId: string | null;
  readonly what: string;
  readonly at: number;
  readonly reason: string | null;
  readonly url: string | null;
  /** What became of a delivery, and nothing that a person did. */
  readonly isDelivery: boolean;
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
    happenings.flatMap(({ id, messageId }) => (messageId === null ? [id] : [])),
  );
  return happenings.map((happening, index) => ({
    place: happening.place,
    event:
      happening.messageId === null
        ? { ...present(happening, INBOUND, people[index]), inbound: texts.get(happening.id) ?? null }
        : present(happening, messages.get(happening.messageId), people[index]),
  }));
}

function happeningsOf(
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
          reason,
          url: null,
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
        reason: textOf(data?.['reason']),
        url: textOf(data?.['url']),
        isDelivery: false,
      }));
  }
}

/** What stands for the message of a text that a person has sent. */
const INBOUND = { channel: 'sms', name: null, templateId: null };

function present(
  happening: Happening,
  message: Pick<MessageInfo, 'channel' | 'name' | 'templateId'> | undefined,
  person: Person | undefined,
): WireEvent {
  const channel = message?.channel ?? 'email';
  return {
    id: happening.id,
    kind: eventKind(channel, happening.what),
    at: new Date(happening.at).toISOString(),
    channel,
    message_id: happening.messageId,
    message_name: message?.name ?? null,
    template_id: message?.templateId ?? null,
    subscription_id: happening.subscriptionId,
    onesignal_id: happening.userId ?? person?.userId ?? null,
    external_id: person?.externalId ?? null,
    address: person?.address ?? null,
    reason: happening.reason,
    ...(happening.what === 'unsubscribed' && { passed_over: happening.isDelivery }),
    url: happening.url,
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
