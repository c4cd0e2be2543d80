import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

/** A user as it was before a change, in the words of the database. Plain JSON. */
export interface UserBefore {
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly language: string | null;
  readonly timezone_id: string | null;
  readonly country: string | null;
  readonly properties: Readonly<Record<string, string | number>>;
  /** To the microsecond. */
  readonly updated_at: string;
  /** Ids of its subscriptions. */
  readonly subscriptions: readonly string[];
}

// In the order in which every writer locks users.
const hold = statement(
  'users.before',
  `select u.id, u.tags, u.language, u.timezone_id, u.country, u.properties, to_json(u.updated_at) #>> '{}' as updated_at,
     coalesce((select array_agg(s.id::text) from subscriptions s where s.lane = u.lane and s.user_id = u.id), '{}')
       as subscriptions
   from (
     select u.* from unnest($2::uuid[]) x (id)
     cross join lateral (
       select * from users u where u.lane = lane_of(x.id) and u.id = x.id and u.app_id = $1 limit 1 for update) u
     order by u.lane, u.id
   ) u`,
);

/** Users of an app as they are, held until the transaction ends. */
export function holdUsers(
  transaction: Queryable,
  appId: string,
  ids: readonly string[],
): Promise<UserBefore[]> {
  return transaction.rows(hold, [appId, ids.toSorted(byLane)]);
}

function byLane(a: string, b: string): number {
  const [left, right] = [a.slice(-2) + a, b.slice(-2) + b];
  return left < right ? -1 : Number(left > right);
}
