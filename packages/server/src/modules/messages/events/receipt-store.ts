import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { DeliveryReference } from '../../channels/index.ts';

/** By the partial index on the references of text messages: the newest, where an SMSC has given one twice. */
const byRef = statement(
  'deliveries.sms-by-ref',
  `select d.lane, d.message_id as "messageId", d.subscription_id as "subscriptionId"
   from deliveries d
   join messages m on m.id = d.message_id
   where d.ref = any ($2) and d.device_type = 14 and m.app_id = $1
   order by d.at desc limit 1`,
);

/** The text message of an app that its provider calls one of `refs`; null when there is none, or not yet. */
export async function findTextMessage(
  database: Queryable,
  appId: string,
  refs: readonly string[],
): Promise<DeliveryReference | null> {
  return (await database.rows<DeliveryReference>(byRef, [appId, refs]))[0] ?? null;
}
