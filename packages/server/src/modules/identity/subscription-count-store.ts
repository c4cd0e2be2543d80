import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { LANES } from '../../platform/ids.ts';

/** Subscriptions of one app. */
export interface SubscriptionCount {
  readonly players: number;
  /** Those that can be sent to. */
  readonly messageablePlayers: number;
}

// Both walk one index: every subscription has a row in tokens, and the audience's index is partial.
const counts = statement(
  'subscriptions.count',
  `select asked.app_id, players.n as players, reachable.n as "messageablePlayers"
   from unnest($1::uuid[]) as asked (app_id)
   cross join lateral (select count(*) n from tokens t where t.app_id = asked.app_id) players
   cross join lateral (
     select coalesce(sum(one.n), 0)::bigint n
     from generate_series(0, $2::int - 1) as l (lane)
     cross join lateral (
       select count(*) n from subscriptions s
       where s.lane = l.lane and s.app_id = asked.app_id and s.reachable) one) reachable`,
);

/** Counts as they are now; every app asked for is in the answer. */
export async function countSubscriptions(
  queryable: Queryable,
  appIds: readonly string[],
): Promise<Map<string, SubscriptionCount>> {
  const rows = await queryable.rows<SubscriptionCount & { app_id: string }>(counts, [appIds, LANES]);
  return new Map(rows.map(({ app_id: id, ...count }) => [id, count]));
}
