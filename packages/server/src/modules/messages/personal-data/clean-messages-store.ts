import type { Channel } from '@carillon/wire';
import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { Audience } from '../../audience/index.ts';

/** A message that somebody was, or is, to get. */
export interface TargetedMessage {
  readonly id: string;
  readonly appId: string;
  readonly kind: 'api' | 'journey';
  readonly channel: Channel;
  readonly contentId: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly audience: Audience | null;
  /** Nothing is left in it that could name anybody. */
  readonly isClean: boolean;
  /** Subscriptions it is for; null when it is for more than a few. */
  readonly targets: readonly string[] | null;
}

const read = statement(
  '',
  `select m.id, m.app_id as "appId", m.kind, m.channel, m.content_id as "contentId", m.request, m.audience,
     m.request = '{}' and m.custom_data is null and m.name is null as "isClean",
     case when c.total <= $2 then c.targets end as targets
   from messages m
   cross join lateral (
     select case when bool_and(targets is not null) then sum(cardinality(targets)) end as total,
       jsonb_agg(to_jsonb(targets)) filter (where cardinality(targets) <= $2) as targets
     from message_chunks where message_id = m.id) c
   where m.id = any($1)`,
);

const users = statement(
  '',
  `select distinct d.message_id as "messageId", d.user_id as "userId"
   from message_chunks c
   join deliveries d on d.lane = c.lane and d.message_id = c.message_id
   where c.message_id = any($1) and d.user_id is not null`,
);

const wipe = statement(
  'messages.wipe',
  `update messages m set request = x.request, custom_data = null, name = case when m.kind = 'api' then null else m.name end,
     content_id = coalesce(x.content_id, m.content_id)
   from jsonb_to_recordset($1) as x (id uuid, request jsonb, content_id uuid)
   where m.id = x.id`,
);

const changeRequest = statement(
  'messages.change-request',
  `update messages set request = $2, audience = $3 where id = $1`,
);

const answers = statement(
  'idempotency.answers',
  `select k.app_id as "appId", k.key, k.response
   from jsonb_to_recordset($1) as x (app_id uuid, key uuid)
   join idempotency_keys k on k.app_id = x.app_id and k.key = x.key`,
);

const changeAnswer = statement(
  'idempotency.change-answer',
  `update idempotency_keys set response = $3 where app_id = $1 and key = $2`,
);

/** `few`: messages with more targets are for many, and who they are is not told. */
export async function readTargeted(
  database: Queryable,
  ids: readonly string[],
  few: number,
): Promise<TargetedMessage[]> {
  const rows = await database.rows<
    Omit<TargetedMessage, 'targets'> & { targets: readonly (readonly string[])[] | null }
  >(read, [ids, few]);
  return rows.map((row) => ({ ...row, targets: row.targets === null ? null : row.targets.flat() }));
}

/** The users that the ledger names for messages of few targets. */
export async function usersOfMessages(
  database: Queryable,
  ids: readonly string[],
): Promise<{ readonly messageId: string; readonly userId: string }[]> {
  return ids.length === 0 ? [] : database.rows(users, [ids]);
}

export interface WipedMessage {
  readonly id: string;
  /** What stays of the request. */
  readonly request: Readonly<Record<string, unknown>>;
  /** What it says from now on; null leaves it. */
  readonly contentId: string | null;
}

export async function wipeMessages(database: Queryable, messages: readonly WipedMessage[]): Promise<void> {
  const rows = messages.map(({ id, request, contentId }) => ({ id, request, content_id: contentId }));
  await database.run(wipe, [asJson(rows)]);
}

export async function storeRequest(
  database: Queryable,
  id: string,
  request: Readonly<Record<string, unknown>>,
  audience: Audience | null,
): Promise<void> {
  const kept = audience === null ? null : JSON.stringify(audience);
  await database.run(changeRequest, [id, JSON.stringify(request), kept]);
}

export interface KeptAnswer {
  readonly appId: string;
  readonly key: string;
  readonly response: Readonly<Record<string, unknown>>;
}

export async function readAnswers(
  database: Queryable,
  keys: readonly { readonly appId: string; readonly key: string }[],
): Promise<KeptAnswer[]> {
  if (keys.length === 0) return [];
  return database.rows(answers, [asJson(keys.map(({ appId, key }) => ({ app_id: appId, key })))]);
}

export async function storeAnswer(database: Queryable, { appId, key, response }: KeptAnswer): Promise<void> {
  await database.run(changeAnswer, [appId, key, JSON.stringify(response)]);
}
