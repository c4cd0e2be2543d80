import type { OptOutScope } from '@carillon/wire';
import { asJson, statement } from '../../../../platform/database/database.ts';
import type { Queryable } from '../../../../platform/database/database.ts';
import { APPEND_NEWS } from '../../../feed/index.ts';
import type { Keyword } from '../keywords/keywords.ts';
import type { PieceOfText } from './inbound-sms.ts';

const exists = statement(
  'inbound-sms.exists',
  'select exists (select from inbound_sms where app_id = $1 and id = $2) as found',
);

/**
 * Keeps a text and appends it to the feed, if it is not there yet. It is answered where $9 wants that and its sender
 * has had fewer than $12 answers since $11.
 */
const keep = statement(
  'inbound-sms.keep',
  `with answered as (
     select count(*) as replies from inbound_sms
     where app_id = $1 and sender = $4 and is_answered and received_at > $11
   ),
   kept as (
     insert into inbound_sms
       (app_id, id, lane, sender, recipient, body, keyword, subscription_id, user_id, received_at, is_answered,
        media_urls, part, scope)
     select $1::uuid, $2::uuid, $3::int, $4, $5, $6, $7, $8::uuid, $13::uuid, $10::timestamptz,
       $9::boolean and replies < $12, $14::text[], $15::jsonb, $16 from answered
     on conflict do nothing
     returning *
   ),
   news as (
     select lane, app_id, 'events' as kind, 1 as size, null::uuid as message_id, null::int as page,
       null::uuid as first_id, null::uuid as last_id, received_at as at,
       jsonb_build_array(jsonb_build_object('id', id, 'kind', 'inbound', 'subscriptionId', subscription_id,
         'userId', user_id, 'at', (extract(epoch from received_at) * 1000)::bigint, 'data', null)) as events
     from kept
   ),
   ${APPEND_NEWS}
   select is_answered as "isAnswered" from kept`,
);

const find = statement(
  'inbound-sms.find',
  `select id, sender as "from", recipient as "to", body as text, media_urls, part, keyword, scope, is_answered as answered
   from inbound_sms where app_id = $1 and id = any($2)`,
);

const byPerson = statement(
  '',
  `select id, sender, recipient, body, media_urls, part, keyword, scope, is_answered, received_at from inbound_sms
   where app_id = $1 and sender = any($2)
   union
   select id, sender, recipient, body, media_urls, part, keyword, scope, is_answered, received_at from inbound_sms
   where app_id = $1 and subscription_id = any($3)
   order by received_at, id`,
);

const erase = statement(
  'inbound-sms.erase-people',
  `with asked as (
     select * from jsonb_to_recordset($1) as a (n int, app uuid, senders text[], subscriptions uuid[])),
   found as materialized (
     select a.n, i.app_id, i.id from asked a join inbound_sms i on i.app_id = a.app and i.sender = any(a.senders)
     union
     select a.n, i.app_id, i.id from asked a
     join inbound_sms i on i.app_id = a.app and i.subscription_id = any(a.subscriptions)),
   gone as (
     delete from inbound_sms i using (select distinct app_id, id from found) f
     where i.app_id = f.app_id and i.id = f.id returning i.id)
   select n, count(*)::int as rows from found join gone using (id) group by n`,
);

const eraseOfApp = statement(
  'inbound-sms.erase-app',
  `delete from inbound_sms where (app_id, id) in (select app_id, id from inbound_sms where app_id = $1 limit $2)`,
);

/** A text as it is kept. */
export interface KeptSms {
  readonly appId: string;
  readonly id: string;
  readonly lane: number;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly mediaUrls: readonly string[];
  readonly part: PieceOfText | null;
  readonly keyword: Keyword | null;
  /** What a stop or a start was about. */
  readonly scope: OptOutScope | null;
  readonly subscriptionId: string | null;
  readonly userId: string | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly wantsAnswer: boolean;
}

/** How many answers one number may get after a moment, in milliseconds since the epoch. */
export interface AnswerLimit {
  readonly most: number;
  readonly since: number;
}

export async function hasInboundSms(database: Queryable, appId: string, id: string): Promise<boolean> {
  return (await database.rows<{ found: boolean }>(exists, [appId, id]))[0]?.found === true;
}

/** Whether it is new and to be answered. */
export async function keepInboundSms(
  database: Queryable,
  sms: KeptSms,
  { most, since }: AnswerLimit,
): Promise<boolean> {
  const { appId, id, lane, from, to, text, keyword, subscriptionId, userId, at, wantsAnswer, part } = sms;
  const rows = await database.rows<{ isAnswered: boolean }>(keep, [
    appId,
    id,
    lane,
    from,
    to,
    text,
    keyword,
    subscriptionId,
    wantsAnswer,
    new Date(at),
    new Date(since),
    most,
    userId,
    sms.mediaUrls,
    part === null ? null : JSON.stringify(part),
    sms.scope,
  ]);
  return rows[0]?.isAnswered === true;
}

/** What was said, as the feed tells it. */
export interface InboundText {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly media_urls: string[];
  readonly part: PieceOfText | null;
  readonly keyword: Keyword | null;
  readonly scope: OptOutScope | null;
  readonly answered: boolean;
}

/** By id; those that were erased are absent. */
export async function findInboundTexts(
  database: Queryable,
  appId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Omit<InboundText, 'id'>>> {
  if (ids.length === 0) return new Map();
  const rows = await database.rows<InboundText>(find, [appId, ids]);
  return new Map(rows.map(({ id, ...text }) => [id, text]));
}

/** By what somebody's texts are found: a number may have been theirs only when they texted. */
export interface InboundSender {
  readonly appId: string;
  readonly senders: readonly string[];
  readonly subscriptions: readonly string[];
}

export function inboundTextsOf(
  database: Queryable,
  { appId, senders, subscriptions }: InboundSender,
): Promise<object[]> {
  return database.rows<object>(byPerson, [appId, senders, subscriptions]);
}

/** How many went, by the place of the sender in `people`. */
export async function eraseInboundOf(
  database: Queryable,
  people: readonly InboundSender[],
): Promise<ReadonlyMap<number, number>> {
  const asked = people.map(({ appId: app, senders, subscriptions }, n) => ({
    n,
    app,
    senders,
    subscriptions,
  }));
  const gone = await database.rows<{ n: number; rows: number }>(erase, [asJson(asked)]);
  return new Map(gone.map(({ n, rows }) => [n, rows]));
}

/** Up to `limit` texts of an app; how many went. */
export function eraseInboundOfApp(transaction: Queryable, appId: string, limit: number): Promise<number> {
  return transaction.run(eraseOfApp, [appId, limit]);
}
