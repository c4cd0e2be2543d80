import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { OwnedLanes } from '../../lanes/index.ts';
import { fence, fenceOf } from '../../lanes/index.ts';
import type { RunContext, StepName } from './step.ts';

// Each batch is one statement and one commit: the fence, what was taken from the inbox, the runs, the
// trace, the messages. The fence opens a gate that every part asks: all lanes of the batch are still
// owned, or nothing is written and the batch is read again. Asking a gate needs no join, so there is
// no plan that could be slow; trace lines and messages travel inside the row of their run for the
// same reason. What the database knows of a run is not sent to and fro. (A join of two batches of 2,000 rows that the planner took for small ran 0.8 s.)
const GATE = `f as materialized (${fence('$1', '$2')}),
  gate as materialized (select count(*) = cardinality($1::int[]) as open from f)`;

// seen_rev is the rev that the step was computed on; nodes, steps and messages are the lines of its
// trace, column by column.
const STEP = `lane int, id uuid, seen_rev int, node int, wake_at timestamptz,
  nodes int[], steps text[], messages uuid[], sends jsonb`;

// What a moved run leaves behind. Messages and their chunks belong to the messages module; they are
// written here because a step and what it sends are one commit. $4 is now.
const WRITE_OUTCOME = `t as (
    insert into journey_trace (lane, run_id, rev, day, app_id, journey_id, user_id, node, step, message_id, at)
    select m.lane, m.id, m.seen_rev + t.n, ($4::timestamptz at time zone 'UTC')::date, m.app_id, m.journey_id, m.user_id,
      t.node, t.step, t.message_id, $4::timestamptz
    from moved m cross join lateral unnest(m.nodes, m.steps, m.messages) with ordinality as t (node, step, message_id, n)),
  s as materialized (
    select m.app_id, m.lane, s.message_id, s.name, s.template_id, s.content_id, s.targets,
      jsonb_build_object('journey', jsonb_build_object('name', s.name, 'events', m.context -> 'events')) as custom_data,
      jsonb_build_object('journey_id', m.journey_id, 'node_id', s.node_id, 'run_id', m.id) as request
    from moved m cross join lateral jsonb_to_recordset(m.sends)
      as s (message_id uuid, name text, node_id uuid, template_id uuid, content_id uuid, targets uuid[])
    where m.sends is not null),
  messages_made as (
    insert into messages (id, app_id, kind, channel, name, template_id, content_id, custom_data, request, queued_at, send_after)
    select message_id, app_id, 'journey', 'email', name, template_id, content_id, custom_data, request, $4::timestamptz, $4::timestamptz from s),
  chunks_made as (
    insert into message_chunks (message_id, lane, app_id, channel, state, priority, due_at, targets)
    select message_id, lane, app_id, 'email', 'ready', 0, $4::timestamptz, targets from s)
  select open, (select count(*)::int from moved) as moved from gate`;

// Only what was taken from the inbox has an effect: the row of a user who is being erased may be gone by
// now. "is true" keeps the planner from joining the two, which it would do row by row.
const enter = statement(
  'journeys.enter',
  `with ${GATE},
  taken as (delete from lane_inbox where id = any($5::bigint[]) and (select open from gate) returning id),
  moved as materialized (
    select x.* from jsonb_to_recordset($3::jsonb)
      as x (inbox_id bigint, app_id uuid, journey_id uuid, user_id uuid, context jsonb, ${STEP})
    where (x.inbox_id in (select t.id from taken t)) is true),
  r as (
    insert into journey_runs (lane, id, app_id, journey_id, user_id, node, rev, wake_at, context, started_at)
    select lane, id, app_id, journey_id, user_id, node, cardinality(steps), wake_at, context, $4::timestamptz
    from moved where node is not null),
  ${WRITE_OUTCOME}`,
);

const MOVED = `r.lane, r.id, r.app_id, r.journey_id, r.user_id, r.context, x.seen_rev, x.nodes, x.steps, x.messages, x.sends`;

const fire = statement(
  'journeys.fire',
  `with ${GATE},
  x as materialized (
    select x.* from jsonb_to_recordset($3::jsonb) as x (${STEP}) where (select open from gate)),
  going as (
    update journey_runs r set node = x.node, rev = r.rev + cardinality(x.steps), wake_at = x.wake_at from x
    where r.lane = x.lane and r.id = x.id and r.rev = x.seen_rev and x.node is not null
    returning ${MOVED}),
  ended as (
    delete from journey_runs r using x
    where r.lane = x.lane and r.id = x.id and r.rev = x.seen_rev and x.node is null
    returning ${MOVED}),
  moved as materialized (select * from going union all select * from ended),
  ${WRITE_OUTCOME}`,
);

// One-sided and in the order of the index: with a lower bound far back, the planner reads bitmaps
// through dead entries.
const due = statement(
  'journeys.due',
  `select lane, id, app_id as "appId", journey_id as "journeyId", user_id as "userId", node, rev, wake_at as "wakeAt"
   from journey_runs where wake_at <= $1 and lane = any($2) order by wake_at limit $3`,
);

const nextDue = statement(
  'journeys.next-due',
  `select wake_at as "wakeAt" from journey_runs where wake_at is not null and lane = any($1) order by wake_at limit 1`,
);

export interface DueRun {
  readonly lane: number;
  readonly id: string;
  readonly appId: string;
  readonly journeyId: string;
  readonly userId: string;
  readonly node: number;
  readonly rev: number;
  readonly wakeAt: Date;
}

export interface SendRow {
  readonly message_id: string;
  readonly name: string;
  readonly node_id: string | undefined;
  readonly template_id: string;
  readonly content_id: string;
  /** Subscription ids in ascending order. */
  readonly targets: readonly string[];
}

/** A run after its step: where it stands, and what the step leaves behind. */
export interface MovedRun {
  readonly lane: number;
  readonly id: string;
  /** The rev that the step was computed on; 0 for a run that begins. */
  readonly seen_rev: number;
  /** Null for a run that has ended. */
  readonly node: number | null;
  /** ISO 8601. */
  readonly wake_at: string | null;
  /** The trace, column by column. */
  readonly nodes: readonly number[];
  readonly steps: readonly StepName[];
  readonly messages: readonly (string | null)[];
  /** Null when nothing is sent. */
  readonly sends: readonly SendRow[] | null;
}

/** A run that begins. */
export interface EnteringRun extends MovedRun {
  /** The row of the inbox that it comes of. */
  readonly inbox_id: number;
  readonly app_id: string;
  readonly journey_id: string;
  readonly user_id: string;
  readonly context: RunContext;
}

/** `open`: the lanes were still owned. `moved`: runs that were as they had been read. */
export interface Written {
  readonly open: boolean;
  readonly moved: number;
}

/** Takes rows out of the inbox and writes the runs that they started, in one commit. */
export async function writeEntries(
  database: Queryable,
  owned: OwnedLanes,
  inbox: readonly { readonly lane: number; readonly id: number }[],
  runs: readonly EnteringRun[],
  now: number,
): Promise<Written> {
  const [lanes, epochs] = fenceOf(
    owned,
    inbox.map((row) => row.lane),
  );
  const ids = inbox.map((row) => row.id);
  return (
    await database.rows<Written>(enter, [lanes, epochs, asJson(runs), new Date(now), ids])
  )[0] as Written;
}

/** Writes the steps of runs whose time had come, in one commit. */
export async function writeSteps(
  database: Queryable,
  owned: OwnedLanes,
  runs: readonly MovedRun[],
  now: number,
): Promise<Written> {
  const [lanes, epochs] = fenceOf(
    owned,
    runs.map((run) => run.lane),
  );
  return (await database.rows<Written>(fire, [lanes, epochs, asJson(runs), new Date(now)]))[0] as Written;
}

/** Runs whose time has come, earliest first. */
export function readDueRuns(
  database: Queryable,
  owned: OwnedLanes,
  now: number,
  limit: number,
): Promise<DueRun[]> {
  return database.rows<DueRun>(due, [new Date(now), [...owned.lanes.keys()], limit]);
}

/** When the next run is due, in milliseconds; null when none waits. */
export async function readNextDue(database: Queryable, owned: OwnedLanes): Promise<number | null> {
  const [row] = await database.rows<{ wakeAt: Date }>(nextDue, [[...owned.lanes.keys()]]);
  return row === undefined ? null : row.wakeAt.getTime();
}
