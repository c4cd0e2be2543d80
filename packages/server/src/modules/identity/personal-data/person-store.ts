import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { UserPlace } from '../recipient.ts';
import type { WholeUser } from '../user-store.ts';
import type { Person, SubscriptionLanes } from './personal-data.ts';

const places = statement(
  'users.places-of-person',
  `select
     (select jsonb_agg(jsonb_build_object('lane', f.former_lane, 'userId', f.former_id))
      from former_users f where f.lane = $2 and f.user_id = $3 and f.app_id = $1) as former,
     (select jsonb_agg(jsonb_build_object('id', s.id, 'lanes', lanes_of(s.id, s.lane, m.former_lanes)))
      from subscriptions s left join moved_subscriptions m on m.subscription_id = s.id
      where s.lane = $2 and s.user_id = $3 and s.app_id = $1) as subscriptions`,
);

/** All by which things about a user are found, who exists. */
export async function findPerson(
  database: Queryable,
  appId: string,
  { person: user, identity, subscriptions }: WholeUser,
): Promise<Person> {
  const [row] = await database.rows<{
    former: readonly UserPlace[] | null;
    subscriptions: readonly SubscriptionLanes[] | null;
  }>(places, [appId, user.lane, user.id]);
  return {
    appId,
    users: [{ lane: user.lane, userId: user.id }, ...(row?.former ?? [])],
    subscriptions: row?.subscriptions ?? [],
    aliases: Object.entries(identity ?? {}).map(([label, value]) => ({ label, value })),
    addresses: (subscriptions ?? []).map(({ token }) => token).filter((token) => token !== ''),
  };
}
