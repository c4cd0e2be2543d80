import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { LedgerKey } from './ledger-walk-store.ts';

/** One delivery of a message to somebody, and what came of it. */
export interface ToldDelivery {
  readonly message_id: string;
  readonly subscription_id: string;
  readonly app_id: string;
  readonly content_id: string;
  /** The targets of the message are this person's alone. */
  readonly only: boolean;
  readonly [field: string]: unknown;
}

// Custom data is told when it was given for this person alone: in a message to many it may name others.
const deliveries = statement(
  '',
  `select d.message_id, d.subscription_id, m.app_id, m.content_id, d.state, d.reason, d.at, d.attempts,
     m.channel, m.kind, m.name, m.template_id, m.queued_at, o.only,
     case when o.only then m.custom_data end as custom_data,
     (select jsonb_agg(jsonb_build_object('kind', e.kind, 'at', e.at, 'data', e.data) order by e.at, e.kind)
      from delivery_events e
      where e.lane = $1 and e.message_id = d.message_id and e.subscription_id = d.subscription_id) as events
   from jsonb_to_recordset($2) as x (m uuid, s uuid)
   join deliveries d on d.lane = $1 and d.message_id = x.m and d.subscription_id = x.s
   join messages m on m.id = d.message_id
   cross join lateral (
     select coalesce(bool_and(c.targets is not null and c.targets <@ $3::uuid[]), false) as only
     from message_chunks c where c.message_id = m.id) o
   order by d.message_id, d.subscription_id`,
);

export function readDeliveries(
  database: Queryable,
  lane: number,
  keys: readonly LedgerKey[],
  subscriptions: readonly string[],
): Promise<ToldDelivery[]> {
  const asked = keys.map(({ messageId: m, subscriptionId: s }) => ({ m, s }));
  return database.rows<ToldDelivery>(deliveries, [lane, asJson(asked), subscriptions]);
}
