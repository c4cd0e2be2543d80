import type { Channel } from '@carillon/wire';
import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { laneOf } from '../../platform/ids.ts';
import type { Recipient, SubscriptionPlace, UserPlace } from './recipient.ts';

// Each statement walks from what is asked into an index: `lateral` with `limit` or `offset 0` leaves no
// other plan. Free to choose, the planner read 200,000 subscriptions to find 800 (117 ms; now 5 to 9).
const COLUMNS = `s.lane, s.id as "subscriptionId", s.user_id as "userId", s.type, s.channel, s.token, s.reachable,
  case when s.channel = 'push' then s.device end as device,
  u.external_id as "externalId", u.language, u.timezone_id as "timezoneId", u.country, u.tags`;

const inLanes = statement(
  'recipients.in-lanes',
  `select ${COLUMNS}
   from jsonb_to_recordset($1::jsonb) p (lane int, app_id uuid, ids uuid[])
   cross join unnest(p.ids) as asked (id)
   cross join lateral (
     select * from subscriptions s
     where s.lane = p.lane and s.id = asked.id and s.app_id = p.app_id limit 1) s
   cross join lateral (select * from users u where u.lane = s.lane and u.id = s.user_id limit 1) u`,
);

const moved = statement(
  'recipients.moved',
  `select ${COLUMNS}
   from jsonb_to_recordset($1::jsonb) p (app_id uuid, ids uuid[])
   cross join unnest(p.ids) as asked (id)
   cross join lateral (
     select m.lane from moved_subscriptions m where m.subscription_id = asked.id limit 1) m
   cross join lateral (
     select * from subscriptions s
     where s.lane = m.lane and s.id = asked.id and s.app_id = p.app_id limit 1) s
   cross join lateral (select * from users u where u.lane = s.lane and u.id = s.user_id limit 1) u`,
);

const audience = statement(
  'recipients.audience-pages',
  `select p.n, ${COLUMNS}
   from jsonb_to_recordset($1::jsonb) p (n int, lane int, app_id uuid, channel text, after uuid)
   cross join lateral (
     select * from subscriptions s
     where s.lane = p.lane and s.app_id = p.app_id and s.channel = p.channel and s.reachable
       and s.id > coalesce(p.after, '00000000-0000-0000-0000-000000000000')
     order by s.id limit $2) s
   cross join lateral (select * from users u where u.lane = s.lane and u.id = s.user_id limit 1) u
   order by p.n, s.id`,
);

const ofUsers = statement(
  'recipients.of-users',
  `select s.lane, s.user_id as "userId", s.id as "subscriptionId", s.type, s.channel, s.reachable
   from jsonb_to_recordset($2::jsonb) u (lane int, user_id uuid)
   cross join lateral (
     select * from subscriptions s
     where s.lane = u.lane and s.user_id = u.user_id and s.app_id = $1 and s.channel = $3 offset 0) s
   order by s.lane, s.id`,
);

const located = statement(
  'recipients.located',
  `select s.lane, s.user_id as "userId", s.id as "subscriptionId", s.type, s.channel, s.reachable
   from jsonb_to_recordset($2::jsonb) asked (lane int, id uuid)
   left join lateral (
     select m.lane from moved_subscriptions m where m.subscription_id = asked.id limit 1) m on true
   cross join lateral (
     select * from subscriptions s
     where s.lane = coalesce(m.lane, asked.lane) and s.id = asked.id and s.app_id = $1 limit 1) s`,
);

const lastActive = statement(
  'recipients.last-active',
  `select u.id, u.last_active as at from jsonb_to_recordset($1::jsonb) asked (lane int, id uuid)
   cross join lateral (
     select u.id, u.last_active from users u where u.lane = asked.lane and u.id = asked.id limit 1) u`,
);

export interface RecipientPage {
  readonly lane: number;
  readonly appId: string;
  readonly ids: readonly string[];
}

/**
 * Subscriptions by id, each looked for in its page's lane first and then where it has moved to. In
 * the order asked; one that exists no longer is left out.
 */
export async function findRecipients(
  database: Queryable,
  pages: readonly RecipientPage[],
): Promise<Recipient[]> {
  const asked = pages.filter((page) => page.ids.length > 0);
  if (asked.length === 0) return [];
  const rows = asked.map(({ lane, appId, ids }) => ({ lane, app_id: appId, ids }));
  const found = new Map<string, Recipient>();
  for (const row of await database.rows<Recipient>(inLanes, [asJson(rows)])) {
    found.set(row.subscriptionId, row);
  }
  const missing = rows
    .map((row) => ({ ...row, ids: row.ids.filter((id) => !found.has(id)) }))
    .filter((row) => row.ids.length > 0);
  if (missing.length > 0) {
    for (const row of await database.rows<Recipient>(moved, [asJson(missing)])) {
      found.set(row.subscriptionId, row);
    }
  }
  return asked.flatMap(({ ids }) => ids.flatMap((id) => found.get(id) ?? []));
}

/** Everyone reachable on a channel in one lane, from behind a subscription on. */
export interface AudiencePage {
  readonly lane: number;
  readonly appId: string;
  readonly channel: Channel;
  /** The subscription id that the page begins behind; null for the first page. */
  readonly after: string | null;
}

/** The recipients of each page, at most `limit` of each, in the order of their subscription ids. */
export async function findAudience(
  database: Queryable,
  pages: readonly AudiencePage[],
  limit: number,
): Promise<Recipient[][]> {
  const rows = pages.map(({ lane, appId, channel, after }, n) => ({
    n,
    lane,
    app_id: appId,
    channel,
    after,
  }));
  const found = pages.map((): Recipient[] => []);
  for (const { n, ...recipient } of await database.rows<Recipient & { n: number }>(audience, [
    asJson(rows),
    limit,
  ])) {
    found[n]?.push(recipient);
  }
  return found;
}

/** When users were last active, by id, in milliseconds since the epoch. Who is gone is left out. */
export async function findLastActive(
  database: Queryable,
  users: readonly UserPlace[],
): Promise<Map<string, number>> {
  const rows = users.map(({ lane, userId }) => ({ lane, id: userId }));
  const found = await database.rows<{ id: string; at: Date }>(lastActive, [asJson(rows)]);
  return new Map(found.map(({ id, at }) => [id, at.getTime()]));
}

/** The subscriptions that users have on a channel, reachable or not. */
export async function findSubscriptionsOf(
  database: Queryable,
  appId: string,
  users: readonly UserPlace[],
  channel: Channel,
): Promise<SubscriptionPlace[]> {
  if (users.length === 0) return [];
  const rows = users.map(({ lane, userId }) => ({ lane, user_id: userId }));
  return database.rows<SubscriptionPlace>(ofUsers, [appId, asJson(rows), channel]);
}

/** Where subscriptions are, by id. Unknown ids, and those of other apps, are left out. */
export async function locateSubscriptions(
  database: Queryable,
  appId: string,
  ids: readonly string[],
): Promise<SubscriptionPlace[]> {
  if (ids.length === 0) return [];
  const rows = ids.map((id) => ({ lane: laneOf(id), id }));
  return database.rows<SubscriptionPlace>(located, [appId, asJson(rows)]);
}
