import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { noteChangedUsers } from './change-log-store.ts';
import type { UserWrite } from './user-write.ts';

const ofUsers = statement(
  'users.life',
  `update users u set first_active = x.since, last_active = x.seen
   from (
     select u.lane, u.id,
       case when u.first_active = $3 then coalesce(g.since, u.first_active) else least(u.first_active, g.since) end as since,
       case when u.first_active = $3 then coalesce(g.seen, u.last_active) else greatest(u.last_active, g.seen) end as seen
     from (
       select user_id, min(since) as since, max(seen) as seen
       from jsonb_to_recordset($2) x (user_id uuid, since timestamptz, seen timestamptz)
       group by user_id) g
     cross join lateral (
       select * from users u where u.lane = lane_of(g.user_id) and u.id = g.user_id and u.app_id = $1 limit 1) u
   ) x
   where u.lane = x.lane and u.id = x.id and (u.first_active <> x.since or u.last_active <> x.seen)`,
);

const ofSubscriptions = statement(
  'subscriptions.life',
  `update subscriptions s set created_at = x.since, last_active = x.seen
   from (
     select s.lane, s.id,
       case when s.created_at = $3 then coalesce(g.since, s.created_at) else least(s.created_at, g.since) end as since,
       case when s.created_at = $3 then coalesce(g.seen, s.last_active) else greatest(s.last_active, g.seen) end as seen
     from (
       select type, token, min(since) as since, max(seen) as seen
       from jsonb_to_recordset($2) x (type text, token text, since timestamptz, seen timestamptz)
       group by type, token) g
     cross join lateral (
       select t.* from tokens t where t.app_id = $1 and t.type = g.type and t.token = g.token limit 1) t
     cross join lateral (
       select * from subscriptions s where s.lane = t.lane and s.id = t.subscription_id limit 1) s
   ) x
   where s.lane = x.lane and s.id = x.id and (s.created_at <> x.since or s.last_active <> x.seen)`,
);

/**
 * Gives the users and subscriptions of writes the times that the writes know: those that were made at `now` get
 * them, those that were there before keep their earlier beginning and their later sign of life.
 */
export async function applyLives(
  transaction: Queryable,
  appId: string,
  written: readonly { readonly write: UserWrite; readonly userId: string }[],
  now: number,
): Promise<void> {
  const told = written.flatMap(({ write, userId }) => {
    const { life, subscriptions } = write;
    if (life === undefined) return [];
    const times = { since: timeOf(life.since), seen: timeOf(life.lastActive) };
    return [{ user_id: userId, subscriptions, times }];
  });
  if (told.length === 0) return;
  const at = new Date(now);
  await transaction.run(ofUsers, [
    appId,
    asJson(told.map(({ user_id, times }) => ({ user_id, ...times }))),
    at,
  ]);
  const addresses = told.flatMap(({ subscriptions, times }) =>
    subscriptions.flatMap(({ address }) =>
      address === null || address.token === ''
        ? []
        : [{ type: address.type, token: address.token, ...times }],
    ),
  );
  if (addresses.length > 0) await transaction.run(ofSubscriptions, [appId, asJson(addresses), at]);
  await noteChangedUsers(transaction, appId, () => told.map(({ user_id: id }) => id), now);
}

function timeOf(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}
