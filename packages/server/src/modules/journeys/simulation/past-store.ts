import type { CustomEventProperties } from '@carillon/wire';
import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { millisecondsOf } from '../../../platform/database/milliseconds.ts';

/** When an event counts as having come: when the server took it, or when it is said to have happened. */
export type EventTime = 'received' | 'happened';

const AT: Readonly<Record<EventTime, string>> = { received: 'e.received_at', happened: 'e.at' };

const since = (by: EventTime) => `${AT[by]} >= $4 and ${AT[by]} < $5 and e.received_at >= $4`;

// By the index of names: from one user to the next, and then to who they are.
const whoHadEvents = (by: EventTime) =>
  statement(
    `journeys.past-users-${by}`,
    `select u.id as "userId", u.external_id as "externalId" from (
       select distinct e.user_id from custom_events e
       where e.lane = $1 and e.app_id = $2 and e.name = $3 and ${since(by)} and e.user_id > $6
       order by e.user_id limit $7) e
     join users u on u.lane = $1 and u.id = e.user_id and u.app_id = $2 order by u.id`,
  );
const usersWithEvents = { received: whoHadEvents('received'), happened: whoHadEvents('happened') };

const allUsers = statement(
  'journeys.past-all-users',
  `select id as "userId", external_id as "externalId" from users
   where lane = $1 and app_id = $2 and id > $3 order by id limit $4`,
);

const eventsBy = (by: EventTime) =>
  statement(
    `journeys.past-events-${by}`,
    `select e.user_id as "userId", e.id, e.name, e.properties, ${millisecondsOf('e.at')} as "happenedAt", ${millisecondsOf(AT[by])} as at
     from custom_events e
     where e.lane = $1 and e.app_id = $2 and e.name = any($3) and ${since(by)} and e.user_id = any($6)
     order by ${AT[by]}, e.at, e.id limit $7`,
  );
const events = { received: eventsBy('received'), happened: eventsBy('happened') };

const begun = statement(
  'journeys.past-runs',
  `select t.run_id as "runId", t.user_id as "userId", ${millisecondsOf('t.at')} as at from journey_trace t
   where t.lane = $1 and t.user_id = any($2) and t.journey_id = $3 and t.rev = 1 and t.at >= $4 and t.at < $5
   order by t.at, t.run_id`,
);

const sends = statement(
  'journeys.past-sends',
  `select t.run_id as "runId", t.node, t.message_id as "messageId", ${millisecondsOf('t.at')} as at from journey_trace t
   where t.lane = $1 and t.run_id = any($2) and t.step = 'sent' and t.at < $3 order by t.at, t.rev`,
);

/** A part of the past: of one app, in one lane. Times in milliseconds; `to` is not in it. */
export interface PartOfPast {
  readonly lane: number;
  readonly appId: string;
  readonly from: number;
  readonly to: number;
  readonly eventTime: EventTime;
}

export interface KnownUser {
  readonly userId: string;
  readonly externalId: string | null;
}

/** A custom event as it was stored. */
export interface PastEvent {
  readonly userId: string;
  readonly id: string;
  readonly name: string;
  readonly properties: CustomEventProperties;
  readonly happenedAt: number;
  /** When it counts as having come. */
  readonly at: number;
}

/** A message that a journey really made. */
export interface RealSend {
  readonly runId: string;
  /** Key of the node. */
  readonly node: number;
  readonly messageId: string;
  readonly at: number;
}

/** A run that really began. */
export interface RealRun {
  readonly runId: string;
  readonly userId: string;
  readonly at: number;
}

const FIRST = '00000000-0000-0000-0000-000000000000';

/** The next users of the lane who had an event of this name, or all users where it is null. */
export function readPastUsers(
  database: Queryable,
  { lane, appId, from, to, eventTime }: PartOfPast,
  name: string | null,
  after: string | null,
  limit: number,
): Promise<KnownUser[]> {
  if (name === null) return database.rows<KnownUser>(allUsers, [lane, appId, after ?? FIRST, limit]);
  const values = [lane, appId, name, new Date(from), new Date(to), after ?? FIRST, limit];
  return database.rows<KnownUser>(usersWithEvents[eventTime], values);
}

/** What happened to these users, in the order in which it came; no more than `limit` events. */
export function readPastEvents(
  database: Queryable,
  { lane, appId, from, to, eventTime }: PartOfPast,
  names: readonly string[],
  userIds: readonly string[],
  limit: number,
): Promise<PastEvent[]> {
  const values = [lane, appId, names, new Date(from), new Date(to), userIds, limit];
  return database.rows<PastEvent>(events[eventTime], values);
}

/** The runs of these users that the journey really began then, and what they really sent up to its end. */
export async function readReality(
  database: Queryable,
  { lane, from, to }: PartOfPast,
  journeyId: string,
  userIds: readonly string[],
): Promise<{ readonly runs: readonly RealRun[]; readonly sends: readonly RealSend[] }> {
  const runs = await database.rows<RealRun>(begun, [lane, userIds, journeyId, new Date(from), new Date(to)]);
  if (runs.length === 0) return { runs, sends: [] };
  const values = [lane, runs.map(({ runId }) => runId), new Date(to)];
  return { runs, sends: await database.rows<RealSend>(sends, values) };
}
