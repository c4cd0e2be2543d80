import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { UserPlace } from '../../identity/index.ts';
import type { OwnedLanes } from '../../lanes/index.ts';
import type { RunContext } from './run.ts';

const COLUMNS = `r.lane, r.id, r.app_id as "appId", r.journey_id as "journeyId", r.user_id as "userId", r.run_key as "runKey", r.version,
  r.node, r.rev, r.wake_at as "wakeAt", r.parked, r.context, r.started_at as "startedAt"`;

// One-sided and in the order of the index: with a lower bound far back, the planner reads bitmaps
// through dead entries.
const due = statement(
  'journeys.due',
  `select ${COLUMNS} from journey_runs r where wake_at <= $1 and not parked and lane = any($2) order by wake_at limit $3`,
);

const nextDue = statement(
  'journeys.next-due',
  `select least(
     (select wake_at from journey_runs where wake_at is not null and not parked and lane = any($1) order by wake_at limit 1),
     (select wake_at from journey_entries where wake_at is not null and not parked and lane = any($1) order by wake_at limit 1)
   ) as "wakeAt"`,
);

// `lateral` with `offset 0`, as for recipients: from the users asked for into the index.
const ofUsers = statement(
  'journeys.runs-of-users',
  `select ${COLUMNS} from jsonb_to_recordset($1::jsonb) u (lane int, user_id uuid)
   cross join lateral (
     select * from journey_runs j where j.lane = u.lane and j.user_id = u.user_id offset 0) r`,
);

const waitingAt = statement(
  'journeys.runs-at-nodes',
  `select ${COLUMNS} from journey_runs r
   where r.journey_id = $1 and r.lane = any($2) and r.node = any($3) order by r.journey_id, r.lane, r.id limit $4`,
);

const ofJourneys = statement(
  'journeys.runs-of-journeys',
  `select ${COLUMNS} from journey_runs r where r.journey_id = any($1) and r.lane = any($2) limit $3`,
);

/** A run as it was read. */
export interface StoredRun {
  readonly lane: number;
  readonly id: string;
  readonly appId: string;
  readonly journeyId: string;
  readonly userId: string;
  readonly runKey: string | null;
  /** That of the journey when it began. */
  readonly version: number;
  readonly node: number;
  readonly rev: number;
  readonly wakeAt: Date | null;
  readonly parked: boolean;
  readonly context: RunContext;
  readonly startedAt: Date;
}

/** Runs whose time has come, earliest first. */
export function readDueRuns(
  database: Queryable,
  owned: OwnedLanes,
  now: number,
  limit: number,
): Promise<StoredRun[]> {
  return database.rows<StoredRun>(due, [new Date(now), [...owned.lanes.keys()], limit]);
}

/** When the next run or the next look at an entry is due, in milliseconds; null when none waits. */
export async function readNextDue(database: Queryable, owned: OwnedLanes): Promise<number | null> {
  const [row] = await database.rows<{ wakeAt: Date | null }>(nextDue, [[...owned.lanes.keys()]]);
  return row?.wakeAt?.getTime() ?? null;
}

/** All runs of users, in one statement. */
export function readRunsOf(database: Queryable, users: readonly UserPlace[]): Promise<StoredRun[]> {
  const places = users.map(({ lane, userId }) => ({ lane, user_id: userId }));
  return database.rows<StoredRun>(ofUsers, [asJson(places)]);
}

/** Runs of one journey that stand at these nodes. */
export function readRunsAt(
  database: Queryable,
  owned: OwnedLanes,
  journeyId: string,
  nodes: readonly number[],
  limit: number,
): Promise<StoredRun[]> {
  return database.rows<StoredRun>(waitingAt, [journeyId, [...owned.lanes.keys()], nodes, limit]);
}

export function readRunsOfJourneys(
  database: Queryable,
  owned: OwnedLanes,
  journeyIds: readonly string[],
  limit: number,
): Promise<StoredRun[]> {
  return database.rows<StoredRun>(ofJourneys, [journeyIds, [...owned.lanes.keys()], limit]);
}
