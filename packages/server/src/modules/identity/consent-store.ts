import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { ConsentRow } from './consent.ts';

const ofSubscription = statement(
  'consents.of-subscription',
  `select at, source, granted, wording, recorded_at from consents
   where lane = $2 and subscription_id = $3 and app_id = $1
   order by at desc, recorded_at desc, source limit $4`,
);

/** What was said about one subscription, the newest first. `lane` is where the subscription is now. */
export function findConsents(
  database: Queryable,
  place: { readonly appId: string; readonly lane: number; readonly subscriptionId: string },
  limit: number,
): Promise<ConsentRow[]> {
  return database.rows<ConsentRow>(ofSubscription, [place.appId, place.lane, place.subscriptionId, limit]);
}
