import type { Channel } from '@carillon/wire';
import { asJson, statement } from '../../platform/database/database.ts';
import type { Database, Queryable } from '../../platform/database/database.ts';
import { LANES } from '../../platform/ids.ts';
import type { SubscriptionPlace } from '../identity/index.ts';
import { byChannel } from './channel-counts.ts';
import type { ChannelCounts } from './channel-counts.ts';
import { audienceCondition, reachCondition } from './condition-store.ts';
import type { Audience } from './condition.ts';
import type { MessageEventRows } from './sources.ts';
import { Parameters } from './sql-parts-store.ts';

const COUNTS = `count(*) filter (where s.channel = 'push') as push,
  count(*) filter (where s.channel = 'email') as email, count(*) filter (where s.channel = 'sms') as sms`;

// Of the index alone: nothing is asked of anybody.
const everyone = statement(
  'audience.count-everyone',
  `select coalesce(sum(one.count) filter (where c.channel = 'push'), 0)::bigint as push,
     coalesce(sum(one.count) filter (where c.channel = 'email'), 0)::bigint as email,
     coalesce(sum(one.count) filter (where c.channel = 'sms'), 0)::bigint as sms
   from unnest($1::int[]) as asked (lane)
   cross join unnest($3::text[]) as c (channel)
   cross join lateral (
     select count(*) as count from subscriptions s
     where s.lane = asked.lane and s.app_id = $2 and s.channel = c.channel and s.reachable) one`,
);

// Connections are kept from scanning whole tables, for the plans that they keep: this one is made anew, and scans where
// that is the cheapest. What is counted by the way takes seconds at most, which a compiled statement would not win back.
// Memory, because a set that is too large for it is written to files, or searched from its beginning for each user
// instead of hashed.
const freePlanner = statement(
  'audience.free-planner',
  `select set_config('enable_seqscan', 'on', true), set_config('jit', 'off', true), set_config('work_mem', '64MB', true)`,
);

/** Which subscriptions are counted. */
export interface Counted {
  readonly appId: string;
  readonly channels: readonly Channel[];
  readonly lanes: readonly number[];
}

interface At {
  readonly now: number;
  readonly messageEvents: MessageEventRows;
}

/**
 * How many in some lanes are in an audience, in one statement. The planner is free: of an app that is most of the tables
 * it reads all of them and hashes, in parallel, of a small one it follows the indexes. Asked lane by lane and
 * channel by channel, as it once was, it has to follow indexes each time (`npm run bench -- segments`).
 */
export async function countAudience(
  database: Pick<Database, 'transaction'>,
  audience: Audience,
  { appId, channels, lanes }: Counted,
  { now, messageEvents }: At,
): Promise<ChannelCounts> {
  const parameters = new Parameters([appId, channels]);
  // Left out where it says nothing: it would be asked of every row.
  const inLanes = lanes.length === LANES ? '' : `and s.lane = any (${parameters.add(lanes, 'int[]')})`;
  const condition = audienceCondition(audience, parameters, {
    appId,
    lanes,
    users: null,
    now,
    messageEvents,
  });
  const ask = statement(
    '',
    `select ${COUNTS}
     from subscriptions s join users u on u.lane = s.lane and u.id = s.user_id and u.app_id = s.app_id
     where s.app_id = $1 and s.channel = any ($2) ${inLanes} and ${reachCondition(audience)} and ${condition}`,
  );
  return database.transaction(async (transaction) => {
    await transaction.run(freePlanner);
    return byChannel((await transaction.rows<ChannelCounts>(ask, parameters.values))[0]);
  });
}

function amongStatement(reach: string, condition: string) {
  return statement(
    '',
    `select count(*) as count
     from jsonb_to_recordset($1::jsonb) asked (lane int, id uuid)
     cross join lateral (
       select * from subscriptions s
       where s.lane = asked.lane and s.id = asked.id and s.app_id = $2 and ${reach} limit 1) s
     left join lateral (
       select * from users u where u.lane = s.lane and u.id = s.user_id and u.app_id = s.app_id limit 1) u on true
     where u.id is not null and ${condition}`,
  );
}

/** How many of these subscriptions can be reached and are in an audience. */
export async function countAmong(
  database: Queryable,
  appId: string,
  audience: Audience,
  places: readonly Pick<SubscriptionPlace, 'lane' | 'subscriptionId' | 'userId'>[],
  { now, messageEvents }: At,
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

/** Everyone who can be reached, in some lanes. */
export async function countEveryone(
  database: Queryable,
  { appId, channels, lanes }: Counted,
): Promise<ChannelCounts> {
  return byChannel((await database.rows<ChannelCounts>(everyone, [lanes, appId, channels]))[0]);
}
