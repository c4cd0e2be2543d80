import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

/**
 * The lane of a delivery of an app: the one that has its ledger row, of those where its subscription was made and
 * lives now; where neither has it, the hand-over is on its way where the subscription lives.
 */
const laneOfDelivery = statement(
  'deliveries.lane-of',
  `select coalesce(
     (select d.lane from deliveries d
      where d.lane in ($4, place.lane) and d.message_id = m.id and d.subscription_id = $3 limit 1),
     place.lane) as lane
   from messages m
   cross join lateral (select coalesce(
     (select s.lane from moved_subscriptions s where s.subscription_id = $3 limit 1), $4) as lane) place
   where m.id = $2 and m.app_id = $1 and m.channel = 'push'`,
);

/** Null when the app has no such push message. `home`: the lane that the subscription's id names. */
export async function findLaneOfDelivery(
  database: Queryable,
  appId: string,
  messageId: string,
  subscriptionId: string,
  home: number,
): Promise<number | null> {
  const [row] = await database.rows<{ lane: number }>(laneOfDelivery, [
    appId,
    messageId,
    subscriptionId,
    home,
  ]);
  return row?.lane ?? null;
}
