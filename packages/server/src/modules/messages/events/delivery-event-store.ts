import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { APPEND_NEWS } from '../../feed/index.ts';
import { noteChangesByMessages } from '../../identity/index.ts';
import type { DeliveryEvent } from '../../channels/index.ts';
import { appendInbox } from '../../lanes/index.ts';
import { bucketOf, CLICK, CONFIRMED_DELIVERY, COUNT_ENGAGED } from '../../outcomes/index.ts';

/**
 * The kind of the inbox row that tells a run of a journey what became of its message: `messageId`, `action`, which is
 * the kind of the event, and `journeyId`, `nodeId`, `runId`.
 */
export const JOURNEY_MESSAGE_KIND = 'message_event';

/** The number of the kind of device; rows of push that were written before it was kept count under none. */
const DEVICE_TYPE = `coalesce(k.device_type, case k.channel when 'email' then 11 when 'sms' then 14 else -1 end)`;

/**
 * Appends what is new to `delivery_events` and to the feed, counts it among the outcomes, and tells the runs of journeys
 * that sent the messages. An event counts only for a delivery that
 * was handed over, or may have been: a hand-over that failed can have arrived for all that. One whose
 * delivery is still in doubt, or waits for another attempt, has come before its ledger row.
 */
const record = statement(
  'delivery-events.record',
  `with told as materialized (
     select * from jsonb_to_recordset($1) as e (id uuid, app uuid, lane int, m uuid, s uuid, kind text, at timestamptz, data jsonb)
   ),
   known as materialized (
     select t.*, d.user_id, d.device_type, g.app_id, g.channel,
       case when g.kind = 'journey' then g.request end as run
     from told t
     join deliveries d on d.lane = t.lane and d.message_id = t.m and d.subscription_id = t.s
       and (d.attempts > 0 or d.state = 'unknown')
     join messages g on g.id = t.m and g.app_id = coalesce(t.app, g.app_id)
   ),
   fresh as (
     insert into delivery_events (lane, message_id, subscription_id, kind, event_id, at, data)
     select lane, m, s, kind, id, at, data from known order by lane, m, s, kind, id
     on conflict do nothing
     returning lane, message_id, subscription_id, kind, event_id, at, data
   ),
   news as (
     select f.lane, k.app_id, 'events' as kind, count(*)::int as size, f.message_id, null::int as page,
       null::uuid as first_id, null::uuid as last_id, $2::timestamptz as at,
       jsonb_agg(jsonb_build_object('id', f.event_id, 'kind', f.kind, 'subscriptionId', f.subscription_id,
         'userId', k.user_id, 'at', (extract(epoch from f.at) * 1000)::bigint, 'data', f.data)
         order by f.at, f.kind, f.event_id) as events
     from fresh f join known k on k.id = f.event_id
     group by f.lane, k.app_id, f.message_id
   ),
   ${APPEND_NEWS},
   engaged as (
     select k.app_id, f.message_id, case f.kind when 'clicked' then '${CLICK}' else '${CONFIRMED_DELIVERY}' end as name,
       ${DEVICE_TYPE} as device_type, count(*) as count
     from fresh f join known k on k.id = f.event_id
     where f.kind in ('clicked', 'delivered')
     group by 1, 2, 3, 4
   ),
   ${COUNT_ENGAGED},
   told_to_run as (${appendInbox(`
     select f.lane, k.app_id, k.user_id, '${JOURNEY_MESSAGE_KIND}', jsonb_build_object('messageId', f.message_id,
       'action', f.kind, 'journeyId', k.run -> 'journey_id', 'nodeId', k.run -> 'node_id', 'runId', k.run -> 'run_id'), $2
     from fresh f join known k on k.id = f.event_id
     where k.run is not null and f.kind in ('delivered', 'opened', 'clicked') order by f.at, f.kind, f.event_id`)}),
   happened as (select k.lane, k.app_id, k.user_id from fresh f join known k on k.id = f.event_id),
   ${noteChangesByMessages('select * from happened', 'happened', '$2')}
   select t.id, exists (
     select from message_chunks c
     where c.message_id = t.m and c.lane = t.lane and t.s = any (c.doubt_ids)
       and c.app_id = coalesce(t.app, c.app_id)
   ) or exists (
     select from delivery_retries r
     where r.message_id = t.m and r.lane = t.lane and r.subscription_id = t.s
   ) as early
   from told t where not exists (select from known k where k.id = t.id)`,
);

/**
 * Records events once each. Returns the ids of those that came too early: their delivery is being
 * handed over, and its ledger row is not there yet. Events of deliveries that do not exist are dropped.
 */
export async function recordEvents(
  database: Queryable,
  events: readonly DeliveryEvent[],
  now: number,
): Promise<ReadonlySet<string>> {
  const byId = new Map(events.map((event) => [event.id, event]));
  const rows = [...byId.values()].map(
    ({ id, appId, lane, messageId, subscriptionId, kind, at, url, reason }) => ({
      id,
      app: appId,
      lane,
      m: messageId,
      s: subscriptionId,
      kind,
      at: new Date(at),
      data: url === undefined && reason === undefined ? null : { url, reason },
    }),
  );
  const unknown = await database.rows<{ id: string; early: boolean }>(record, [
    asJson(rows),
    new Date(now),
    new Date(bucketOf(now)),
  ]);
  return new Set(unknown.flatMap(({ id, early }) => (early ? [id] : [])));
}
