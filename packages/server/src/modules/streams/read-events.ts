import type { FeedEvent as WireEvent } from '@carillon/wire';
import type { Queryable } from '../../platform/database/database.ts';
import { nameId } from '../../platform/ids.ts';
import { findInboundTexts } from '../channels/index.ts';
import { readFeed } from '../feed/index.ts';
import type { DeliveriesBatch, FeedCursor, FeedSlice } from '../feed/index.ts';
import { eventKind } from './event-kind.ts';
import { findMessageInfos, findPeople, readLedgerPages } from './event-store.ts';
import type { LedgerRow, MessageInfo, Person } from './event-store.ts';

export interface EventPage {
  readonly events: WireEvent[];
  readonly cursor: FeedCursor;
  readonly more: boolean;
}

/** What the feed says of one subscription, before names and addresses are put to it. */
interface Happening {
  readonly id: string;
  readonly lane: number;
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
): Promise<EventPage> {
  const page = await readFeed(database, appId, cursor, limit);
  if (page.slices.length === 0) return { events: [], cursor: page.cursor, more: page.more };
  const batches = page.slices.flatMap(({ batch }) => (batch.kind === 'deliveries' ? [batch] : []));
  const ledger = await readLedgerPages(database, batches);
  const happenings = page.slices.flatMap((slice) => happeningsOf(slice, ledger));
  const ids = new Set(happenings.flatMap(({ messageId }) => (messageId === null ? [] : [messageId])));
  const messages = await findMessageInfos(database, appId, [...ids]);
  const people = await findPeople(database, appId, happenings);
  const texts = await findInboundTexts(
    database,
    appId,
    happenings.flatMap(({ id, messageId }) => (messageId === null ? [id] : [])),
  );
  const events = happenings.map((happening, index) =>
    happening.messageId === null
      ? { ...present(happening, INBOUND, people[index]), inbound: texts.get(happening.id) ?? null }
      : present(happening, messages.get(happening.messageId), people[index]),
  );
  return { events, cursor: page.cursor, more: page.more };
}

function happeningsOf(
  { batch, from, to }: FeedSlice,
  ledger: ReadonlyMap<DeliveriesBatch, readonly LedgerRow[]>,
): Happening[] {
  const { lane } = batch;
  switch (batch.kind) {
    case 'deliveries': {
      const { messageId } = batch;
      return (ledger.get(batch) ?? [])
        .slice(from, to)
        .map(({ subscriptionId, userId, state, reason, at }) => ({
          id: nameId(messageId, subscriptionId, state),
          lane,
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
      return batch.events.slice(from, to).map(({ id, subscriptionId, userId, kind, at, data }) => ({
        id,
        lane,
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
const INBOUND = { channel: 'sms', templateId: null };

function present(
  happening: Happening,
  message: Pick<MessageInfo, 'channel' | 'templateId'> | undefined,
  person: Person | undefined,
): WireEvent {
  const channel = message?.channel ?? 'email';
  return {
    id: happening.id,
    kind: eventKind(channel, happening.what),
    at: new Date(happening.at).toISOString(),
    channel,
    message_id: happening.messageId,
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
