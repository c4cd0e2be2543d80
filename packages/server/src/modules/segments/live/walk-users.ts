import type { Queryable } from '../../../platform/database/database.ts';
import type { Walk } from './live-book-store.ts';
import { readUsersOfWalks } from './state-store.ts';
import type { UserOfApp, Walked } from './state-store.ts';

/** Lanes that are walked in one statement. Their users are near each other in no index. */
const LANES_A_STATEMENT = 16;

/** Users to look at, and how far the walks are when that is done. */
export interface Pages {
  readonly users: readonly UserOfApp[];
  readonly walks: readonly Walked[];
}

/** The next users of some of the walks, about `room` of them: all of one app. */
export async function nextPages(database: Queryable, walks: readonly Walk[], room: number): Promise<Pages> {
  const [first] = walks;
  if (first === undefined) return { users: [], walks: [] };
  const { appId, drops } = first;
  const some = walks
    .filter((walk) => walk.appId === appId && walk.drops === drops)
    .slice(0, LANES_A_STATEMENT);
  const limit = Math.max(1, Math.floor(room / some.length));
  const found = await readUsersOfWalks(database, appId, some, { limit, drops });
  return {
    users: found.map((place) => ({ ...place, appId })),
    walks: some.map(({ lane, begun }) => {
      const own = found.filter((place) => place.lane === lane);
      const last = own.length < limit ? null : (own.at(-1)?.userId ?? null);
      return { lane, app_id: appId, begun, after: last };
    }),
  };
}
