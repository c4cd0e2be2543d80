import type { DeliveryHistoryEntry, DeliveryReference } from '../../channels/index.ts';
import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

const history = statement(
  'deliveries.history',
  `select state as kind, at, jsonb_build_object('reason', reason) as data
   from deliveries where lane = $1 and message_id = $2 and subscription_id = $3
   union all
   select kind, at, data from delivery_events where lane = $1 and message_id = $2 and subscription_id = $3
   order by at`,
);

interface Row {
  readonly kind: string;
  readonly at: Date;
  readonly data: { readonly url?: string | null; readonly reason?: string | null } | null;
}

/** Everything that is known of one delivery, the oldest first. */
export async function readDeliveryHistory(
  database: Queryable,
  { lane, messageId, subscriptionId }: DeliveryReference,
): Promise<DeliveryHistoryEntry[]> {
  const rows = await database.rows<Row>(history, [lane, messageId, subscriptionId]);
  return rows.map(({ kind, at, data }) => ({
    kind,
    at: at.getTime(),
    ...(typeof data?.url === 'string' && { url: data.url }),
    ...(typeof data?.reason === 'string' && { reason: data.reason }),
  }));
}
