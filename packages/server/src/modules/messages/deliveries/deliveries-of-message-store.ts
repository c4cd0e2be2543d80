import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { PeopleInLane } from '../../identity/index.ts';
import { OWNER, SHOWN, forEveryone, matches, valuesOf } from './delivery-columns-store.ts';
import type { DeliveryFilter } from './delivery-filter.ts';
import type { DeliveryRow, FoundDeliveries } from './delivery-row.ts';

/**
 * Each branch reads its own index from `low` on, as much as a page looks at and no more: the rows of the
 * ledger, what is tried again, what is being handed over, and what waits, be it for a list of targets or for
 * everyone. Nobody waits for a message with an audience: who is in it is found as it goes out. A delivery is in one of them, because one snapshot sees cursor, doubt and ledger as they were
 * committed together.
 *
 * $1 app, $2 message, $3 places [{lane, low, high, done}] (`done`: shown already), $4 rows to look at, $5 rows
 * to return, $6 whose [{lane, users, subscriptions}] or null, $7 to $10 the filter.
 */
const find = statement(
  'deliveries.of-message',
  `with looked as materialized (
     select x.* from jsonb_to_recordset($3) as p (lane int, low uuid, high uuid, done uuid)
     join message_chunks c on c.message_id = $2 and c.lane = p.lane and c.app_id = $1
     cross join lateral (
       (select d.lane, d.message_id, d.subscription_id, d.user_id, d.state, d.reason, d.attempts, d.ref,
          d.at as ended_at, null::timestamptz as due_at
        from deliveries d
        where d.lane = p.lane and d.message_id = $2 and d.subscription_id between p.low and p.high
        order by d.subscription_id limit $4)
       union all
       (select c.lane, c.message_id, r.subscription_id, null,
          case when r.subscription_id = any (c.doubt_ids) then 'sending' when r.attempts = 0 then 'waiting' else 'retrying' end,
          r.reason, r.attempts,
          null, null, case when r.subscription_id = any (c.doubt_ids) then null else r.due_at end
        from delivery_retries r
        where r.message_id = $2 and r.lane = p.lane and r.subscription_id between p.low and p.high
        order by r.subscription_id limit $4)
       union all
       (select c.lane, c.message_id, t.id, null, 'sending', null, 0, null, null, null
        from unnest(c.doubt_ids) t (id)
        where t.id between p.low and p.high and not exists (
          select from delivery_retries r where r.message_id = $2 and r.lane = p.lane and r.subscription_id = t.id)
        order by t.id limit $4)
       union all
       (select c.lane, c.message_id, t.id, null, 'waiting', null, 0, null, null, c.due_at
        from unnest(c.targets) t (id)
        where c.state <> 'done' and t.id between p.low and p.high and (c.cursor is null or t.id > c.cursor)
          and t.id <> all (coalesce(c.doubt_ids, '{}'))
        order by t.id limit $4)
       union all
       (select c.lane, c.message_id, s.id, s.user_id, 'waiting', null, 0, null, null, c.due_at
        from subscriptions s
        where c.targets is null and c.state <> 'done' and ${forEveryone('$2')} and s.lane = p.lane and s.app_id = $1
          and s.channel = c.channel and s.reachable and s.id between p.low and p.high
          and (c.cursor is null or s.id > c.cursor) and s.id <> all (coalesce(c.doubt_ids, '{}'))
        order by s.id limit $4)
     ) x
     where x.subscription_id is distinct from p.done
     order by x.lane, x.subscription_id limit $4
   ),
   found as (
     select l.* from looked l
     where ($6::jsonb is null or exists (
         select from jsonb_to_recordset($6) as w (lane int, users uuid[], subscriptions uuid[])
         where w.lane = l.lane
           and (l.user_id = any (w.users) or l.user_id is null and l.subscription_id = any (w.subscriptions))))
       and ${matches(7)}
     order by l.lane, l.subscription_id limit $5
   )
   select (select jsonb_build_array(lane, subscription_id) from looked order by lane, subscription_id offset $4 - 1 limit 1)
     as last, ${SHOWN}
   from (select) one left join found f on true ${OWNER}
   order by f.lane, f.subscription_id`,
);

/** A delivery of a message: its lane and its subscription. */
export type PlaceInMessage = readonly [lane: number, subscriptionId: string];

/** A part of a lane to look into: subscriptions from `low` to `high`, without `done`. */
export interface LanePart {
  readonly lane: number;
  readonly low: string;
  readonly high: string;
  readonly done: string | null;
}

export interface DeliverySearch {
  readonly filter: DeliveryFilter;
  /** Whose they are; null for anybody's. */
  readonly whose: readonly PeopleInLane[] | null;
  /** Deliveries to look at, at most. */
  readonly look: number;
  /** Deliveries to return, at most. */
  readonly limit: number;
}

/** In the order of lanes, and of subscriptions within a lane. */
export async function findDeliveriesOfMessage(
  database: Queryable,
  appId: string,
  messageId: string,
  parts: readonly LanePart[],
  { filter, whose, look, limit }: DeliverySearch,
): Promise<FoundDeliveries<PlaceInMessage>> {
  const values = [
    appId,
    messageId,
    asJson(parts),
    look,
    limit,
    whose === null ? null : asJson(whose),
    ...valuesOf(filter),
  ];
  type Row = { readonly last: PlaceInMessage | null; readonly lane: number | null };
  const rows = await database.rows<Row>(find, values);
  const found = rows.filter((row): row is Row & DeliveryRow => row.lane !== null);
  return { rows: found, last: rows[0]?.last ?? null };
}
