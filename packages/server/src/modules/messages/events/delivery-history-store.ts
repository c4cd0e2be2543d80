import type { DeliveryHistoryEntry, DeliveryReference } from '../../channels/index.ts';
import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

// A quick receiver reports a mail as delivered before its page is closed: the ledger row still comes first.
const history = statement(
  'deliveries.history',
  `select state as kind, at, jsonb_build_object('reason', reason) as data, false as later
   from deliveries where lane = $1 and message_id = $2 and subscription_id = $3
   union all
   select kind, at, data, true from delivery_events
   where lane = $1 and message_id = $2 and subscription_id = $3
   order by later, at`,
);

interface Row {
  readonly kind: string;
  readonly at: Date;
  readonly data: { readonly url?: string | null; readonly reason?: string | null } | null;
}

/** Everything that is known of one delivery: how it was handed over, then what happened, the oldest first. */
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
