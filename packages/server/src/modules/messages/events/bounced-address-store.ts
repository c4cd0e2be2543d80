import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { DeliveryEvent } from '../../channels/index.ts';

/**
 * The addresses behind bounces that are news: a report that is told again says nothing of an address that somebody
 * has taken from the list since.
 */
const addresses = statement(
  'delivery-events.bounced-addresses',
  `select m.app_id as "appId", s.token as address, t.detail
   from jsonb_to_recordset($1) as t (id uuid, lane int, m uuid, s uuid, detail text)
   join deliveries d on d.lane = t.lane and d.message_id = t.m and d.subscription_id = t.s and d.attempts > 0
   join messages m on m.id = t.m and m.channel = 'email'
   left join moved_subscriptions v on v.subscription_id = t.s
   join subscriptions s on s.lane = coalesce(v.lane, t.lane) and s.id = t.s and s.app_id = m.app_id
   where not exists (
     select from delivery_events e
     where e.lane = t.lane and e.message_id = t.m and e.subscription_id = t.s and e.kind = 'bounced'
       and e.event_id = t.id)`,
);

export interface BouncedAddress {
  readonly appId: string;
  readonly address: string;
  /** What the receiving side said. */
  readonly detail: string | null;
}

/** The addresses of emails that have bounced, of bounces that are not recorded yet. */
export async function bouncedAddresses(
  database: Queryable,
  events: readonly DeliveryEvent[],
): Promise<BouncedAddress[]> {
  const bounced = events.filter(({ kind }) => kind === 'bounced');
  if (bounced.length === 0) return [];
  const rows = bounced.map(({ id, lane, messageId, subscriptionId, reason = null }) => ({
    id,
    lane,
    m: messageId,
    s: subscriptionId,
    detail: reason,
  }));
  return database.rows<BouncedAddress>(addresses, [asJson(rows)]);
}
