import { asJson, statement } from '../../platform/database/database.ts';
import { retryTransient } from '../../platform/database/retry.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { Channel, CreateMessageAnswer } from '@carillon/wire';
import type { Audience } from '../audience/index.ts';
import type { Priority } from './chunk.ts';
import type { HoldOut } from './hold-out.ts';
import type { Timing } from './timing/timing.ts';

/**
 * Messages, their chunks and their idempotency keys in one statement. A message whose key was taken
 * before is not inserted: the row that is missing from the answer says so. An INSERT of a key waits
 * for another transaction that is just inserting the same one.
 */
const insert = statement(
  'messages.insert',
  `with message as materialized (
     select * from jsonb_to_recordset($1) as m (id uuid, app_id uuid, kind text, channel text, name text, template_id uuid,
       content_id uuid, custom_data jsonb, request jsonb, at_most_once bool, audience jsonb, timing jsonb, hold_out jsonb, at timestamptz,
       send_after timestamptz,
       key uuid, body_hash text, response jsonb)
   ),
   key as (
     insert into idempotency_keys (app_id, key, message_id, body_hash, response, created_at)
     select app_id, key, id, decode(body_hash, 'hex'), response, at from message where key is not null
     order by app_id, key
     on conflict (app_id, key) do nothing
     returning app_id, key
   ),
   inserted as (
     insert into messages (id, app_id, kind, channel, name, template_id, content_id, custom_data, request, at_most_once,
       audience, timing, hold_out, queued_at, send_after)
     select id, app_id, kind, channel, name, template_id, content_id, custom_data, request, at_most_once, audience,
       timing, hold_out, at, send_after
     from message m
     where m.key is null or exists (select from key k where k.app_id = m.app_id and k.key = m.key)
     returning id, app_id, channel, send_after
   ),
   chunked as (
     insert into message_chunks (message_id, lane, app_id, channel, state, priority, due_at, targets, page, doubt_ids,
       epoch, claimed_by, lease_until)
     select i.id, c.lane, i.app_id, i.channel, case when c.born_open then 'open' else 'ready' end,
       case c.priority when 'small' then 0 else 1 end, i.send_after,
       c.targets, case when c.born_open then 1 else 0 end, case when c.born_open then c.targets end,
       case when c.born_open then 1 else 0 end, case when c.born_open then $3::uuid end,
       case when c.born_open then now() + $4 * interval '1 millisecond' else '-infinity' end
     from jsonb_to_recordset($2) as c (message_id uuid, lane int, priority text, targets uuid[], born_open bool)
     join inserted i on i.id = c.message_id
   )
   select id from inserted`,
);

const replay = statement(
  'messages.replay',
  `select message_id as "messageId", encode(body_hash, 'hex') as "bodyHash", response
   from idempotency_keys where app_id = $1 and key = $2`,
);

const remember = statement(
  'messages.remember-answer',
  `insert into idempotency_keys (app_id, key, message_id, body_hash, response, created_at)
   values ($1, $2, null, decode($3, 'hex'), $4, $5) on conflict (app_id, key) do nothing`,
);

const load = statement(
  'messages.load',
  `select id, app_id as "appId", channel, name, template_id as "templateId", content_id as "contentId",
     custom_data as "customData", at_most_once as "atMostOnce", audience, timing, hold_out as "holdOut"
   from messages where id = any($1)`,
);

const cancel = statement(
  'messages.cancel',
  `with cancelled as (
     update messages m set cancelled_at = $3, paused_at = null
     where m.id = $2 and m.app_id = $1 and m.cancelled_at is null
       and exists (select from message_chunks c where c.message_id = m.id and c.state <> 'done')
     returning m.id
   ),
   chunk as (
     update message_chunks c set cancelled_at = $3, paused = false, due_at = least(c.due_at, $3) from cancelled m
     where c.message_id = m.id and c.state <> 'done'
   )
   select exists (select from cancelled) as cancelled,
     exists (select from messages where id = $2 and app_id = $1) as found`,
);

export interface NewMessage {
  readonly id: string;
  readonly appId: string;
  readonly kind: 'api' | 'journey';
  readonly channel: Channel;
  readonly name: string | null;
  readonly templateId: string | null;
  readonly contentId: string;
  readonly customData: Readonly<Record<string, unknown>> | null;
  /** What the caller sent, for reading back. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly atMostOnce: boolean;
  readonly audience: Audience | null;
  readonly timing: Timing | null;
  readonly holdOut: HoldOut | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly sendAfter: number;
  readonly idempotency: { readonly key: string; readonly bodyHash: string; readonly response: object } | null;
  readonly chunks: readonly NewChunk[];
}

export interface NewChunk {
  readonly lane: number;
  readonly priority: Priority;
  /** In ascending order; null for everyone reachable. */
  readonly targets: readonly string[] | null;
  /** Claimed by its creator, its targets in doubt: the hand-over follows at once. */
  readonly bornOpen: boolean;
}

/** Which of the messages were inserted; the others' idempotency keys were taken. */
export async function insertMessages(
  database: Queryable,
  messages: readonly NewMessage[],
  owner: string,
  leaseMs: number,
): Promise<boolean[]> {
  const rows = messages.map((m) => ({
    id: m.id,
    app_id: m.appId,
    kind: m.kind,
    channel: m.channel,
    name: m.name,
    template_id: m.templateId,
    content_id: m.contentId,
    custom_data: m.customData,
    request: m.request,
    at_most_once: m.atMostOnce,
    audience: m.audience ?? undefined,
    timing: m.timing,
    hold_out: m.holdOut,
    at: new Date(m.at),
    send_after: new Date(m.sendAfter),
    key: m.idempotency?.key,
    body_hash: m.idempotency?.bodyHash,
    response: m.idempotency?.response,
  }));
  const chunks = messages.flatMap((m) =>
    m.chunks.map(({ lane, priority, targets, bornOpen }) => ({
      message_id: m.id,
      lane,
      priority,
      targets,
      born_open: bornOpen,
    })),
  );
  const inserted = await database.rows<{ id: string }>(insert, [
    asJson(rows),
    asJson(chunks),
    owner,
    leaseMs,
  ]);
  const ids = new Set(inserted.map((row) => row.id));
  return messages.map((message) => ids.has(message.id));
}

export interface StoredAnswer {
  readonly messageId: string | null;
  readonly bodyHash: string;
  readonly response: CreateMessageAnswer;
}

/** What the first request with this key was answered. */
export async function findAnswer(
  database: Queryable,
  appId: string,
  key: string,
): Promise<StoredAnswer | undefined> {
  return (await database.rows<StoredAnswer>(replay, [appId, key]))[0];
}

/** Keeps the answer to a request that made no message. False when the key has an answer already. */
export async function rememberAnswer(
  database: Queryable,
  appId: string,
  answer: { readonly key: string; readonly bodyHash: string; readonly response: object },
  now: number,
): Promise<boolean> {
  const { key, bodyHash, response } = answer;
  const values = [appId, key, bodyHash, JSON.stringify(response), new Date(now)];
  return (await database.run(remember, values)) === 1;
}

export interface MessageRow {
  readonly id: string;
  readonly appId: string;
  readonly channel: Channel;
  readonly name: string | null;
  readonly templateId: string | null;
  readonly contentId: string;
  readonly customData: Readonly<Record<string, unknown>> | null;
  readonly atMostOnce: boolean;
  readonly audience: Audience | null;
  readonly timing: Timing | null;
  readonly holdOut: HoldOut | null;
}

export async function loadMessages(database: Queryable, ids: readonly string[]): Promise<MessageRow[]> {
  return database.rows<MessageRow>(load, [ids]);
}

/** Cancels what is left of a message. `done`: nothing is left, or it was cancelled before. */
export async function cancelMessage(
  database: Queryable,
  appId: string,
  id: string,
  now: number,
): Promise<'cancelled' | 'done' | 'not-found'> {
  const values = [appId, id, new Date(now)];
  const [row] = await retryTransient(() =>
    database.rows<{ cancelled: boolean; found: boolean }>(cancel, values),
  );
  if (row?.cancelled) return 'cancelled';
  return row?.found ? 'done' : 'not-found';
}
