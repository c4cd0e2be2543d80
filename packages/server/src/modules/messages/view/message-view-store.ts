import type { Channel } from '@carillon/wire';
import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { DeliveryCounts, PlatformCounts } from '../delivery.ts';
import type { Timing } from '../timing/timing.ts';
import type { TimeOffset } from './time-offset.ts';

const COLUMNS = `m.id, m.app_id as "appId", m.channel, m.name, m.template_id as "templateId", m.request,
  m.queued_at as "queuedAt", m.send_after as "sendAfter", m.cancelled_at as "cancelledAt",
  m.paused_at as "pausedAt", m.timing`;

const one = statement(
  'message-views.one',
  `select ${COLUMNS} from messages m where m.app_id = $1 and m.id = $2`,
);

const page = statement(
  'message-views.page',
  `select ${COLUMNS} from messages m
   where m.app_id = $1 and m.kind = 'api' and ($4::uuid is null or m.template_id = $4)
   order by m.queued_at desc, m.id desc limit $2 offset $3`,
);

const count = statement(
  'message-views.count',
  `select count(*) as count from messages
   where app_id = $1 and kind = 'api' and ($2::uuid is null or template_id = $2)`,
);

const due = statement(
  'message-views.due',
  `select ${COLUMNS} from messages m
   where m.app_id = $1 and m.kind = 'api' and (m.send_after, m.id) > ($3::timestamptz, $4::uuid)
     and ($5::uuid is null or m.template_id = $5)
   order by m.send_after, m.id limit $2`,
);

/** Counts live in the chunks: no row of the ledger is read. */
const progress = statement(
  'message-views.progress',
  `select message_id as "messageId", bool_and(state = 'done') as done, max(done_at) as "doneAt",
     sum(cardinality(targets))::bigint as targeted, bool_or(targets is null) as everyone,
     sum(sent)::bigint as sent, sum(failed)::bigint as failed, sum(unsubscribed)::bigint as unsubscribed,
     sum(suppressed)::bigint as suppressed, sum(capped)::bigint as capped, sum(expired)::bigint as expired,
     sum(cancelled)::bigint as cancelled, sum(unknown)::bigint as unknown,
     sum(copies)::bigint as copies, sum(held_out)::bigint as "heldOut"
   from message_chunks where message_id = any($1) group by message_id`,
);

const events = statement(
  'message-views.events',
  `select e.message_id as "messageId", e.kind, count(*)::bigint as total,
     count(distinct e.subscription_id)::bigint as uniques
   from message_chunks c
   join delivery_events e on e.lane = c.lane and e.message_id = c.message_id
   where c.message_id = any($1) group by e.message_id, e.kind`,
);

/** How push fared on each kind of device: counted as pages were closed, and clicks and receipts by their ledger rows. */
const platforms = statement(
  'message-views.platforms',
  `select p.message_id as "messageId", p.device_type as "deviceType", p.successful, p.failed, p.errored,
     coalesce(e.converted, 0) as converted, coalesce(e.received, 0) as received
   from (
     select message_id, device_type, sum(successful)::bigint as successful, sum(failed)::bigint as failed,
       sum(errored)::bigint as errored
     from message_platforms where message_id = any($1) group by message_id, device_type) p
   left join (
     select e.message_id, d.device_type,
       count(distinct e.subscription_id) filter (where e.kind = 'clicked')::bigint as converted,
       count(distinct e.subscription_id) filter (where e.kind = 'delivered')::bigint as received
     from message_chunks c
     join delivery_events e on e.lane = c.lane and e.message_id = c.message_id
     join deliveries d on d.lane = e.lane and d.message_id = e.message_id and d.subscription_id = e.subscription_id
     where c.message_id = any($1) group by e.message_id, d.device_type) e
     on e.message_id = p.message_id and e.device_type = p.device_type`,
);

export interface StoredMessage {
  readonly id: string;
  readonly appId: string;
  readonly channel: Channel;
  readonly name: string | null;
  readonly templateId: string | null;
  readonly request: Readonly<Record<string, unknown>>;
  readonly queuedAt: Date;
  readonly sendAfter: Date;
  readonly cancelledAt: Date | null;
  readonly pausedAt: Date | null;
  readonly timing: Timing | null;
}

export interface Progress extends DeliveryCounts {
  readonly messageId: string;
  readonly done: boolean;
  readonly doneAt: Date | null;
  /** How many subscriptions it is for, as far as that was known when it was accepted. */
  readonly targeted: number | null;
  /** It is for everyone: how many that is shows only at the end. */
  readonly everyone: boolean;
  /** Copies of mails that the provider has taken. */
  readonly copies: number;
  /** Of those suppressed, whose user was held out. */
  readonly heldOut: number;
}

export interface EventCount {
  readonly messageId: string;
  readonly kind: string;
  readonly total: number;
  readonly uniques: number;
}

export async function findMessage(
  database: Queryable,
  appId: string,
  id: string,
): Promise<StoredMessage | undefined> {
  return (await database.rows<StoredMessage>(one, [appId, id]))[0];
}

export interface PageOptions {
  readonly limit: number;
  readonly offset: number;
  readonly templateId: string | null;
}

/** Newest first. Messages of journeys are not among them. */
export async function findMessagePage(
  database: Queryable,
  appId: string,
  { limit, offset, templateId }: PageOptions,
): Promise<{ readonly messages: StoredMessage[]; readonly total: number }> {
  const messages = await database.rows<StoredMessage>(page, [appId, limit, offset, templateId]);
  const [row] = await database.rows<{ count: number }>(count, [appId, templateId]);
  return { messages, total: row?.count ?? 0 };
}

/** Those behind a place, in the order in which they are, or were, due. */
export async function findMessagesDue(
  database: Queryable,
  appId: string,
  behind: TimeOffset,
  { limit, templateId }: { readonly limit: number; readonly templateId: string | null },
): Promise<{ readonly messages: StoredMessage[]; readonly total: number }> {
  const values = [appId, limit, new Date(behind.at), behind.id, templateId];
  const messages = await database.rows<StoredMessage>(due, values);
  const [row] = await database.rows<{ count: number }>(count, [appId, templateId]);
  return { messages, total: row?.count ?? 0 };
}

export async function findProgress(
  database: Queryable,
  ids: readonly string[],
): Promise<Map<string, Progress>> {
  const rows = await database.rows<Progress>(progress, [ids]);
  return new Map(rows.map((row) => [row.messageId, row]));
}

export async function countEvents(database: Queryable, ids: readonly string[]): Promise<EventCount[]> {
  return database.rows<EventCount>(events, [ids]);
}

export interface PlatformFate extends PlatformCounts {
  readonly messageId: string;
  /** Subscriptions that clicked, and that confirmed the delivery. */
  readonly converted: number;
  readonly received: number;
}

/** Of messages of push, by kind of device. */
export async function countByPlatform(
  database: Queryable,
  ids: readonly string[],
): Promise<readonly PlatformFate[]> {
  return ids.length === 0 ? [] : database.rows<PlatformFate>(platforms, [ids]);
}
