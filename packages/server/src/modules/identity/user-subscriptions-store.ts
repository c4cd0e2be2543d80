import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { UserPlace } from './recipient.ts';

// `lateral` with `offset 0`, as for recipients: from the users asked for into the index.
const ofUsers = statement(
  'subscriptions.all-of-users',
  `select s.user_id as "userId", s.id, s.type, s.token as subscription_token, s.enabled
   from jsonb_to_recordset($2::jsonb) u (lane int, user_id uuid)
   cross join lateral (
     select * from subscriptions s
     where s.lane = u.lane and s.user_id = u.user_id and s.app_id = $1 offset 0) s
   order by s.user_id, s.id`,
);

/** A subscription under the names that templates have for it. */
export interface SubscriptionOfUser {
  readonly id: string;
  readonly type: string;
  readonly subscription_token: string;
  readonly enabled: boolean;
}

/** All subscriptions of users, on every channel, by user id, in the order of their ids. */
export async function findSubscriptionsOfUsers(
  database: Queryable,
  appId: string,
  users: readonly UserPlace[],
): Promise<Map<string, SubscriptionOfUser[]>> {
  const places = new Map(users.map(({ lane, userId }) => [userId, { lane, user_id: userId }]));
  const found = new Map<string, SubscriptionOfUser[]>();
  for (const { userId, ...subscription } of await database.rows<SubscriptionOfUser & { userId: string }>(
    ofUsers,
    [appId, asJson([...places.values()])],
  )) {
    const listed = found.get(userId);
    if (listed === undefined) found.set(userId, [subscription]);
    else listed.push(subscription);
  }
  return found;
}
