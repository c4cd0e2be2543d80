import { statement } from '../../platform/database/database.ts';
import type { UserPlace } from '../identity/index.ts';
import { audienceCondition } from './condition-store.ts';
import type { Expression } from './condition.ts';
import type { MessageEventRows } from './sources.ts';
import { Parameters } from './sql-parts-store.ts';
import { walkIndex } from './walk-index-store.ts';
import type { Walkable } from './walk-index-store.ts';

/** A part of an app's users, in the order of lanes and ids. */
export interface UserRange {
  readonly appId: string;
  /** It begins behind this one, who need not be there. */
  readonly after: UserPlace;
  /** The first lane that is in it no more. */
  readonly end: number;
  /** Users who are found, at most: the first ones. */
  readonly limit: number;
}

export interface FoundUser extends UserPlace {
  readonly externalId: string | null;
}

/**
 * Users of whom, or of any of whose subscriptions, on or off, an expression is true. Along the key of users, and no
 * further than is asked for. Saved segments are looked up before. `now` in milliseconds.
 */
export function readUsersIn(
  database: Walkable,
  expression: Expression,
  { appId, after, end, limit }: UserRange,
  { now, messageEvents }: { readonly now: number; readonly messageEvents: MessageEventRows },
): Promise<FoundUser[]> {
  const parameters = new Parameters([appId, after.lane, after.userId, end, limit]);
  const lanes = Array.from({ length: end - after.lane }, (_, n) => after.lane + n);
  const audience = { include: expression, exclude: [], only: [] };
  const condition = audienceCondition(audience, parameters, {
    appId,
    lanes,
    users: null,
    now,
    messageEvents,
  });
  const ask = statement(
    '',
    `select distinct on (u.lane, u.id) u.lane, u.id as "userId", u.external_id as "externalId"
     from users u left join subscriptions s on s.lane = u.lane and s.user_id = u.id and s.app_id = u.app_id
     where (u.lane, u.id) > ($2::int, $3::uuid) and u.lane < $4 and u.app_id = $1 and ${condition}
     order by u.lane, u.id limit $5`,
  );
  return walkIndex(database, (walk) => walk.rows<FoundUser>(ask, parameters.values));
}
