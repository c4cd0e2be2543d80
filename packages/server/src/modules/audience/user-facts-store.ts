import type { Channel } from '@carillon/wire';
import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { millisecondsOf } from '../../platform/database/milliseconds.ts';
import type { UserPlace } from '../identity/index.ts';
import type { AskedEvents } from './asked-events.ts';
import { hoursInMs } from './compile-time-conditions.ts';
import type { CustomEventFact, Facts, MessageEventFact, UserFacts } from './facts.ts';
import type { MessageEventRows } from './sources.ts';
import { Parameters } from './sql-parts-store.ts';

// Lists and not objects: the names of a million members would be read again and again.
const people = statement(
  'audience.facts-of-users',
  `select u.id as "userId", u.external_id as "externalId", u.tags, u.language, u.country,
     u.properties ->> 'lat' as lat, u.properties ->> 'long' as long,
     jsonb_exists(u.properties, 'test_user_name') as "isTestUser",
     u.session_count as "sessionCount", u.session_time as "sessionTime", ${millisecondsOf('u.first_active')} as "firstActive",
     ${millisecondsOf('u.last_active')} as "lastActive", u.amount_spent::text as "amountSpent", u.purchases, (
       select json_agg(json_build_array(s.id, s.channel, s.type, s.device ->> 'app_version', s.session_count,
         s.session_time, ${millisecondsOf('s.last_active')}, ${millisecondsOf('s.created_at')}, s.reachable, s.token = '',
         s.device ->> 'rooted', case when s.type = 'Email' then s.token end))
       from subscriptions s where s.lane = u.lane and s.user_id = u.id and s.app_id = u.app_id) as subscriptions
   from unnest($2::int[], $3::uuid[]) x (lane, id)
   join users u on u.lane = x.lane and u.id = x.id and u.app_id = $1`,
);

const customEvents = statement(
  'audience.custom-events-of-users',
  `select e.user_id as "userId", e.name, ${millisecondsOf('e.at')} as at, case when n.told then e.properties else '{}' end as properties
   from unnest($2::int[], $3::uuid[]) x (lane, id)
   cross join unnest($4::text[], $5::timestamptz[], $6::boolean[]) n (name, since, told)
   join custom_events e on e.lane = x.lane and e.app_id = $1 and e.name = n.name and e.user_id = x.id
     and e.received_at >= n.since`,
);

type SubscriptionList = readonly [
  id: string,
  channel: Channel,
  type: string,
  appVersion: string | null,
  sessionCount: number,
  sessionTime: number,
  lastActive: number,
  createdAt: number,
  reachable: boolean,
  hasNoToken: boolean,
  rooted: string | null,
  email: string | null,
];

interface PersonRow extends Omit<
  UserFacts,
  'place' | 'emails' | 'customEvents' | 'messageEvents' | 'purchases'
> {
  readonly userId: string;
  readonly lat: string | null;
  readonly long: string | null;
  readonly purchases: UserFacts['purchases'] | null;
  readonly subscriptions: readonly SubscriptionList[] | null;
}

/**
 * What conditions ask about users of an app, by their ids: an entry for each subscription, or one where there is none.
 * Whoever is not there any more is left out. `now` in milliseconds. Two statements, and one more where events are
 * asked about; events of messages are read from all that happened in the users' lanes.
 */
export async function readFactsOfUsers(
  database: Queryable,
  appId: string,
  users: readonly UserPlace[],
  asked: AskedEvents,
  { now, messageEvents }: { readonly now: number; readonly messageEvents: MessageEventRows },
): Promise<ReadonlyMap<string, readonly Facts[]>> {
  const [rows, custom, ofMessages] = await Promise.all([
    database.rows<PersonRow>(people, [appId, ...columnsOf(users)]),
    readCustomEvents(database, appId, users, asked.custom, now),
    readMessageEvents(database, appId, users, asked.ofMessages, { now, messageEvents }),
  ]);
  return new Map(
    rows.map((row) => [
      row.userId,
      factsOf(row, custom.get(row.userId) ?? [], ofMessages.get(row.userId) ?? []),
    ]),
  );
}

function columnsOf(users: readonly UserPlace[]): [lanes: number[], ids: string[]] {
  return [users.map(({ lane }) => lane), users.map(({ userId }) => userId)];
}

async function readCustomEvents(
  database: Queryable,
  appId: string,
  users: readonly UserPlace[],
  asked: AskedEvents['custom'],
  now: number,
): Promise<ReadonlyMap<string, CustomEventFact[]>> {
  if (asked.length === 0) return new Map();
  const since = asked.map(({ fromHours }) => sinceOf(fromHours, now) ?? '-infinity');
  const names = asked.map(({ name }) => name);
  const told = asked.map(({ withProperties }) => withProperties);
  const values = [appId, ...columnsOf(users), names, since, told];
  return byUser(await database.rows<CustomEventFact & { readonly userId: string }>(customEvents, values));
}

async function readMessageEvents(
  database: Queryable,
  appId: string,
  users: readonly UserPlace[],
  asked: AskedEvents['ofMessages'],
  { now, messageEvents }: { readonly now: number; readonly messageEvents: MessageEventRows },
): Promise<ReadonlyMap<string, MessageEventFact[]>> {
  if (asked.length === 0) return new Map();
  const [lanes, ids] = columnsOf(users);
  const parameters = new Parameters([ids]);
  const add = (value: unknown, type: string) => parameters.add(value, type);
  const within = { appId, lanes: [...new Set(lanes)] };
  const each = asked.map(({ fromHours, ...one }) => {
    const since = sinceOf(fromHours, now);
    return `select e.user_id as "userId", '${one.event}' as event, e.channel, e.message_id as "messageId", ${millisecondsOf('e.at')} as at
      from (${messageEvents(one, within, add)}) e where e.user_id = any ($1::uuid[])${
        since === null ? '' : ` and e.at >= ${add(since, 'timestamptz')}`
      }`;
  });
  const ask = statement('', each.join(' union all '));
  return byUser(await database.rows<MessageEventFact & { readonly userId: string }>(ask, parameters.values));
}

function sinceOf(fromHours: number | null, now: number): Date | null {
  return fromHours === null ? null : new Date(now - hoursInMs(fromHours));
}

function byUser<Event extends { readonly userId: string }>(events: readonly Event[]): Map<string, Event[]> {
  const found = new Map<string, Event[]>();
  for (const event of events) {
    const known = found.get(event.userId);
    if (known === undefined) found.set(event.userId, [event]);
    else known.push(event);
  }
  return found;
}

function factsOf(
  row: PersonRow,
  happened: readonly CustomEventFact[],
  messages: readonly MessageEventFact[],
): readonly Facts[] {
  const { lat, long, purchases, subscriptions } = row;
  const emails = (subscriptions ?? []).flatMap(([, , , , , , , , , , , email]) => email ?? []);
  // Field by field: a copy of the rest of a row costs more than all else here.
  const user: UserFacts = {
    externalId: row.externalId,
    tags: row.tags,
    language: row.language,
    country: row.country,
    isTestUser: row.isTestUser,
    sessionCount: row.sessionCount,
    sessionTime: row.sessionTime,
    firstActive: row.firstActive,
    lastActive: row.lastActive,
    amountSpent: row.amountSpent,
    place: lat === null || long === null ? null : { lat: Number(lat), long: Number(long) },
    purchases: purchases ?? [],
    emails,
    customEvents: happened,
    messageEvents: messages,
  };
  return subscriptions === null ? [withoutSubscription(user)] : subscriptions.map((one) => factOf(one, user));
}

function factOf(subscription: SubscriptionList, user: UserFacts): Facts {
  const [subscriptionId, channel, type, appVersion, sessionCount, sessionTime, lastActive, createdAt] =
    subscription;
  const [, , , , , , , , reachable, hasNoToken, rooted] = subscription;
  return {
    subscriptionId,
    channel,
    type,
    appVersion,
    sessionCount,
    sessionTime,
    lastActive,
    createdAt,
    status: reachable ? 'subscribed' : hasNoToken ? 'no_token' : 'unsubscribed',
    isRooted: rooted === 'true',
    user,
  };
}

function withoutSubscription(user: UserFacts): Facts {
  const { sessionCount, sessionTime, lastActive } = user;
  const about = {
    subscriptionId: null,
    channel: null,
    type: null,
    appVersion: null,
    createdAt: null,
    status: null,
  };
  return { ...about, sessionCount, sessionTime, lastActive, isRooted: false, user };
}
