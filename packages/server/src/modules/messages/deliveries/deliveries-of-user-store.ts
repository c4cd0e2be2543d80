import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { PeopleInLane } from '../../identity/index.ts';
import { OWNER, SHOWN, forEveryone, matches, valuesOf } from './delivery-columns-store.ts';
import type { DeliveryFilter } from './delivery-filter.ts';
import type { DeliveryRow, FoundDeliveries, MessageOfDelivery } from './delivery-row.ts';

/**
 * Backwards through the ledger of the user's lanes, and through the messages that are not done there: no
 * index finds a user in the ledger, because each one more would slow every send down. What lies behind the
 * nearest place at which one of these walks had to stop (`edge`) is left for the next page.
 *
 * $1 app, $2 whose [{lane, users, subscriptions}], $3 and $4 the place to begin behind, $5 rows to look at in
 * each lane, $6 rows to return, $7 a subscription or null, $8 to $11 the filter.
 */
const find = statement(
  'deliveries.of-user',
  `with place as materialized (
     select * from jsonb_to_recordset($2) as p (lane int, users uuid[], subscriptions uuid[])
   ),
   ledger as materialized (
     select p.users, p.subscriptions, d.*, row_number() over (
       partition by d.lane order by d.message_id desc, d.subscription_id desc) as nth
     from place p
     cross join lateral (
       select d.lane, d.message_id, d.subscription_id, d.user_id, d.state, d.reason, d.attempts, d.ref, d.at as ended_at
       from deliveries d
       where d.lane = p.lane and d.message_id <= $3 and (d.message_id, d.subscription_id) < ($3, $4::uuid)
       order by d.message_id desc, d.subscription_id desc limit $5) d
   ),
   unfinished as materialized (
     select p.users, p.subscriptions, c.*, row_number() over (partition by c.lane order by c.message_id desc) as nth
     from place p
     cross join lateral (
       select c.lane, c.message_id, c.channel, c.targets, c.cursor, c.doubt_ids, c.due_at
       from message_chunks c
       where c.lane = p.lane and c.state <> 'done' and c.app_id = $1 and c.message_id <= $3
       order by c.message_id desc limit $5) c
   ),
   edge as materialized (
     select message_id, subscription_id from ledger where nth = $5
     union all
     select message_id, '00000000-0000-0000-0000-000000000000' from unfinished where nth = $5
     order by message_id desc, subscription_id desc limit 1
   ),
   looked as materialized (
     select lane, message_id, subscription_id, user_id, state, reason, attempts, ref, ended_at,
       null::timestamptz as due_at
     from ledger
     where user_id = any (users) or user_id is null and subscription_id = any (subscriptions)
     union all
     select c.lane, c.message_id, t.id, null,
       case when t.id = any (c.doubt_ids) then 'sending' when r.attempts > 0 then 'retrying' else 'waiting' end,
       r.reason, coalesce(r.attempts, 0), null, null,
       case when t.id = any (c.doubt_ids) then null else coalesce(r.due_at, c.due_at) end
     from unfinished c
     cross join unnest(c.subscriptions) t (id)
     left join delivery_retries r on r.message_id = c.message_id and r.lane = c.lane and r.subscription_id = t.id
     where (c.message_id, t.id) < ($3, $4::uuid) and (
       r.attempts is not null or t.id = any (c.doubt_ids)
       or (c.cursor is null or t.id > c.cursor) and (t.id = any (c.targets) or c.targets is null and ${forEveryone('c.message_id')} and exists (
         select from subscriptions s
         where s.lane = c.lane and s.id = t.id and s.app_id = $1 and s.channel = c.channel and s.reachable)))
   ),
   found as (
     select l.* from looked l
     join messages m on m.id = l.message_id and m.app_id = $1
     where ($7::uuid is null or l.subscription_id = $7)
       and not exists (
         select from edge e where (l.message_id, l.subscription_id) < (e.message_id, e.subscription_id))
       and ${matches(8)}
     order by l.message_id desc, l.subscription_id desc limit $6
   )
   select (select jsonb_build_array(message_id, subscription_id) from edge) as last, ${SHOWN}
   from (select) one left join found f on true ${OWNER}
   order by f.message_id desc, f.subscription_id desc`,
);

const messages = statement(
  'deliveries.messages',
  `select id, name, template_id as "templateId", channel from messages where app_id = $1 and id = any ($2)`,
);

/** A delivery of a user: its message and its subscription. */
export type PlaceOfUser = readonly [messageId: string, subscriptionId: string];

export interface UserDeliverySearch {
  readonly filter: DeliveryFilter;
  /** Only what comes behind it, newest first. */
  readonly behind: PlaceOfUser;
  /** Deliveries, and messages that are not done, to look at in each of the user's lanes. */
  readonly look: number;
  readonly limit: number;
}

/** What was, or is, to reach somebody: newest message first. */
export async function findDeliveriesOfUser(
  database: Queryable,
  appId: string,
  whose: readonly PeopleInLane[],
  { filter, behind, look, limit }: UserDeliverySearch,
): Promise<FoundDeliveries<PlaceOfUser>> {
  const values = [appId, asJson(whose), ...behind, look, limit, filter.subscriptionId, ...valuesOf(filter)];
  type Row = { readonly last: PlaceOfUser | null; readonly lane: number | null };
  const rows = await database.rows<Row>(find, values);
  const found = rows.filter((row): row is Row & DeliveryRow => row.lane !== null);
  return { rows: found, last: rows[0]?.last ?? null };
}

export async function findMessagesOfDeliveries(
  database: Queryable,
  appId: string,
  ids: readonly string[],
): Promise<Map<string, MessageOfDelivery>> {
  const rows = await database.rows<MessageOfDelivery>(messages, [appId, ids]);
  return new Map(rows.map((row) => [row.id, row]));
}
