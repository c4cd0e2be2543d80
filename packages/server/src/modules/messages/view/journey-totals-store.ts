import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

// What became of messages stands in their chunks; what happened to them afterwards is counted from its rows.
const totals = statement(
  'message-views.totals-of-journey',
  `with m as materialized (
     select id, request ->> 'node_id' as node from messages
     where kind = 'journey' and request ->> 'journey_id' = $2 and app_id = $1),
   counted as (
     select m.node, v.name, v.count from m
     join message_chunks c on c.message_id = m.id
     cross join lateral (values ('sent', c.sent), ('failed', c.failed), ('unsubscribed', c.unsubscribed),
       ('suppressed', c.suppressed), ('capped', c.capped), ('expired', c.expired), ('cancelled', c.cancelled),
       ('unknown', c.unknown)) as v (name, count)
     union all
     select m.node, e.kind, count(distinct e.subscription_id)::int from m
     join message_chunks c on c.message_id = m.id
     join delivery_events e on e.lane = c.lane and e.message_id = c.message_id
     group by m.node, e.message_id, e.kind)
   select node as "nodeId", name, sum(count)::bigint as count from counted group by node, name`,
);

export interface MessageTotal {
  readonly nodeId: string;
  /** What became of subscriptions: `sent`, `delivered`, `clicked`, ... */
  readonly name: string;
  readonly count: number;
}

/** What became of the messages of a journey, by node; each subscription once a message. */
export function totalsOfJourney(
  database: Queryable,
  appId: string,
  journeyId: string,
): Promise<MessageTotal[]> {
  return database.rows<MessageTotal>(totals, [appId, journeyId]);
}
