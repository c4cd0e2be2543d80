import type { Channel } from '@carillon/wire';
import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { AudiencePage, SubscriptionPlace } from '../identity/index.ts';
import { audienceCondition, reachCondition } from './condition-store.ts';
import type { Audience } from './condition.ts';
import type { MessageEventRows } from './sources.ts';
import { Parameters } from './sql-parts-store.ts';
import { walkIndex } from './walk-index-store.ts';
import type { Walkable } from './walk-index-store.ts';

const USER = `left join lateral (
    select * from users u where u.lane = s.lane and u.id = s.user_id and u.app_id = s.app_id limit 1) u on true`;

// Of the index alone: nothing is asked of anybody.
const everyone = statement(
  'audience.count-everyone',
  `select coalesce(sum(one.count), 0)::bigint as count
   from unnest($1::int[]) as asked (lane)
   cross join lateral (
     select count(*) as count from subscriptions s
     where s.lane = asked.lane and s.app_id = $2 and s.channel = $3 and s.reachable) one`,
);

const ofPage = (reach: string) =>
  `s.lane = p.lane and s.app_id = p.app_id and s.channel = p.channel and ${reach}
    and s.id > coalesce(p.after, '00000000-0000-0000-0000-000000000000')`;

/** $2 subscriptions of each page: the last of them where more may follow. Of the index alone. */
function edgeStatement(reach: string) {
  return statement(
    '',
    `select p.n, edge.id as edge
     from jsonb_to_recordset($1::jsonb) p (n int, lane int, app_id uuid, channel text, after uuid)
     left join lateral (
       select s.id from subscriptions s where ${ofPage(reach)} order by s.id offset $2 - 1 limit 1) edge on true
     order by p.n`,
  );
}

/** Up to their edges. */
function partStatement(reach: string, condition: string) {
  return statement(
    '',
    `select p.n, part.count
     from jsonb_to_recordset($1::jsonb) p (n int, lane int, app_id uuid, channel text, after uuid, edge uuid)
     cross join lateral (
       select count(*) as count
       from subscriptions s join users u on u.lane = s.lane and u.id = s.user_id and u.app_id = s.app_id
       where ${ofPage(reach)} and s.id <= coalesce(p.edge, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
         and ${condition}) part
     order by p.n`,
  );
}

/**
 * All of their lanes. Bounds on ids, where there are none to keep, would make the planner believe that a two-hundredth
 * is left: then it finds each user by the key, which is twice the time of reading the lane's users and hashing.
 */
function laneStatement(reach: string, condition: string) {
  return statement(
    '',
    `select p.n, part.count
     from jsonb_to_recordset($1::jsonb) p (n int, lane int, app_id uuid, channel text)
     cross join lateral (
       select count(*) as count
       from subscriptions s join users u on u.lane = s.lane and u.id = s.user_id and u.app_id = s.app_id
       where s.lane = p.lane and s.app_id = p.app_id and s.channel = p.channel and ${reach} and ${condition}) part
     order by p.n`,
  );
}

function amongStatement(reach: string, condition: string) {
  return statement(
    '',
    `select count(*) as count
     from jsonb_to_recordset($1::jsonb) asked (lane int, id uuid)
     cross join lateral (
       select * from subscriptions s
       where s.lane = asked.lane and s.id = asked.id and s.app_id = $2 and ${reach} limit 1) s
     ${USER}
     where u.id is not null and ${condition}`,
  );
}

export interface CountedPart {
  readonly count: number;
  /** Where the next part begins behind; null at the end of the lane. */
  readonly edge: string | null;
}

/** How many in each page's part of a lane are in an audience, of `lookedAt` subscriptions at most. */
export async function countParts(
  database: Walkable,
  audience: Audience,
  pages: readonly AudiencePage[],
  lookedAt: number,
  { now, messageEvents }: { readonly now: number; readonly messageEvents: MessageEventRows },
): Promise<CountedPart[]> {
  const asked = pages.map(({ lane, appId, channel, after }, n) => ({
    n,
    lane,
    app_id: appId,
    channel,
    after,
  }));
  const reach = reachCondition(audience);
  return walkIndex(database, async (walk) => {
    const edges = await walk.rows<{ n: number; edge: string | null }>(edgeStatement(reach), [
      asJson(asked),
      lookedAt,
    ]);
    const known = asked.map((page, n) => ({ ...page, edge: edges[n]?.edge ?? null }));
    const counts = new Map<number, number>();
    const isWhole = ({ after, edge }: (typeof known)[number]) => after === null && edge === null;
    for (const [some, makeStatement] of [
      [known.filter(isWhole), laneStatement],
      [known.filter((page) => !isWhole(page)), partStatement],
    ] as const) {
      if (some.length === 0) continue;
      const parameters = new Parameters([asJson(some)]);
      const scope = {
        appId: pages[0]?.appId ?? '',
        lanes: some.map(({ lane }) => lane),
        users: null,
        now,
        messageEvents,
      };
      const part = makeStatement(reach, audienceCondition(audience, parameters, scope));
      const rows = await walk.rows<{ n: number; count: number }>(part, parameters.values);
      for (const { n, count } of rows) counts.set(n, count);
    }
    return known.map(({ n, edge }) => ({ count: counts.get(n) ?? 0, edge }));
  });
}

/** How many of these subscriptions can be reached and are in an audience. */
export async function countAmong(
  database: Queryable,
  appId: string,
  audience: Audience,
  places: readonly Pick<SubscriptionPlace, 'lane' | 'subscriptionId' | 'userId'>[],
  { now, messageEvents }: { readonly now: number; readonly messageEvents: MessageEventRows },
): Promise<number> {
  const asked = places.map(({ lane, subscriptionId }) => ({ lane, id: subscriptionId }));
  const parameters = new Parameters([asJson(asked), appId]);
  const scope = {
    appId,
    lanes: [...new Set(places.map(({ lane }) => lane))],
    users: [...new Set(places.map(({ userId }) => userId))],
    now,
    messageEvents,
  };
  const among = amongStatement(reachCondition(audience), audienceCondition(audience, parameters, scope));
  return (await database.rows<{ count: number }>(among, parameters.values))[0]?.count ?? 0;
}

/** Everyone on a channel who can be reached, in some lanes. */
export async function countEveryone(
  database: Queryable,
  appId: string,
  channel: Channel,
  lanes: readonly number[],
): Promise<number> {
  return (await database.rows<{ count: number }>(everyone, [lanes, appId, channel]))[0]?.count ?? 0;
}
