import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { laneOf } from '../../../platform/ids.ts';
import type { PlayerRow } from './player-row.ts';

const PLAYER = 'to_jsonb(s) as subscription, to_jsonb(u) as person';

const byId = statement(
  'players.by-id',
  `select ${PLAYER} from subscriptions s
   join users u on u.lane = s.lane and u.id = s.user_id and u.app_id = s.app_id
   where s.lane = coalesce((select m.lane from moved_subscriptions m where m.subscription_id = $3), $2)
     and s.id = $3 and s.app_id = $1`,
);

const byToken = statement(
  'players.by-token',
  `select ${PLAYER} from tokens t
   join subscriptions s on s.lane = t.lane and s.id = t.subscription_id and s.app_id = t.app_id
   join users u on u.lane = s.lane and u.id = s.user_id and u.app_id = s.app_id
   where t.app_id = $1 and t.type = $2 and t.token = $3`,
);

// Counts no further than it must.
const count = statement(
  'players.count',
  'select count(*) as n from (select from tokens t where t.app_id = $1 limit $2) found',
);

// Every player of the app is looked at, to put them in order: only for apps below the limit of the list.
// From one index into the next, whatever the tables' size, as in recipient-store.
const page = statement(
  'players.page',
  `select ${PLAYER} from (
     select s.lane, s.id, s.created_at from tokens t
     cross join lateral (
       select s.lane, s.id, s.created_at from subscriptions s
       where s.lane = t.lane and s.id = t.subscription_id and s.app_id = t.app_id limit 1) s
     where t.app_id = $1
     order by s.created_at, s.id
     limit $2 offset $3
   ) chosen
   cross join lateral (
     select * from subscriptions s where s.lane = chosen.lane and s.id = chosen.id limit 1) s
   cross join lateral (
     select * from users u where u.lane = s.lane and u.id = s.user_id and u.app_id = $1 limit 1) u
   order by chosen.created_at, chosen.id`,
);

export async function findPlayer(database: Queryable, appId: string, id: string): Promise<PlayerRow | null> {
  const [row] = await database.rows<PlayerRow>(byId, [appId, laneOf(id), id]);
  return row ?? null;
}

/** `token` in its one spelling, as `parseToken` gives it. */
export async function findPlayerByToken(
  database: Queryable,
  appId: string,
  type: string,
  token: string,
): Promise<PlayerRow | null> {
  const [row] = await database.rows<PlayerRow>(byToken, [appId, type, token]);
  return row ?? null;
}

/** How many players an app has; `most` stands for that many and more. */
export async function countPlayers(database: Queryable, appId: string, most: number): Promise<number> {
  const [row] = await database.rows<{ n: number }>(count, [appId, most]);
  return row?.n ?? 0;
}

/** The oldest first. */
export function listPlayers(
  database: Queryable,
  appId: string,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<PlayerRow[]> {
  return database.rows<PlayerRow>(page, [appId, limit, offset]);
}
