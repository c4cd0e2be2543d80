import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { DeliveryEvent } from '../../channels/index.ts';

/**
 * The addresses behind bounces and complaints that are news: a report that is told again says nothing of an address
 * that somebody has taken from the list since.
 */
const addresses = statement(
  'delivery-events.refused-addresses',
  `select m.app_id as "appId", s.id as "subscriptionId", s.token as address, t.kind, t.detail
   from jsonb_to_recordset($1) as t (id uuid, app uuid, lane int, m uuid, s uuid, kind text, detail text)
   join deliveries d on d.lane = t.lane and d.message_id = t.m and d.subscription_id = t.s and d.attempts > 0
   join messages m on m.id = t.m and m.channel = 'email' and m.app_id = coalesce(t.app, m.app_id)
   left join moved_subscriptions v on v.subscription_id = t.s
   join subscriptions s on s.lane = coalesce(v.lane, t.lane) and s.id = t.s and s.app_id = m.app_id
   where not exists (
     select from delivery_events e
     where e.lane = t.lane and e.message_id = t.m and e.subscription_id = t.s and e.kind = t.kind
       and e.event_id = t.id)`,
);

export interface RefusedAddress {
  readonly appId: string;
  readonly subscriptionId: string;
  readonly address: string;
  /** By the other side's server for good, or by its person. */
  readonly kind: 'bounced' | 'complained';
  /** What the other side said. */
  readonly detail: string | null;
}

/** The addresses of emails that have bounced or were reported as spam, of reports that are not recorded yet. */
export async function refusedAddresses(
  database: Queryable,
  events: readonly DeliveryEvent[],
): Promise<RefusedAddress[]> {
  const refusals = events.filter(({ kind }) => kind === 'bounced' || kind === 'complained');
  if (refusals.length === 0) return [];
  const rows = refusals.map(({ id, appId, lane, messageId, subscriptionId, kind, reason = null }) => ({
    id,
    app: appId,
    lane,
    m: messageId,
    s: subscriptionId,
    kind,
    detail: reason,
  }));
  return database.rows<RefusedAddress>(addresses, [asJson(rows)]);
}
