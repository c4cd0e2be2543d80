import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { OwnedLanes } from '../../lanes/index.ts';
import { TELL_HAPPENED } from '../../feed/index.ts';
import { fence, fenceOf } from '../../lanes/index.ts';
import { appendCalls } from '../../webhooks/index.ts';
import type { BatchRows } from './batch-rows.ts';

// Each batch is one statement and one commit: the fence, what was taken from the inbox, the runs, the trace, the
// messages, the counts. The fence opens a gate that every part asks: all lanes of the batch are still owned, or
// nothing is written and the batch is read again. Asking a gate needs no join, so there is no plan that could be
// slow; trace lines and messages travel inside the row of their run for the same reason. (A join of two batches of
// 2,000 rows that the planner took for small ran 0.8 s.) What the database knows of a run is not sent to and fro.
const GATE = `f as materialized (${fence('$1', '$2')}),
  gate as materialized (select count(*) = cardinality($1::int[]) as open from f),
  taken as (delete from lane_inbox where id = any($5::bigint[]) and (select open from gate) returning id)`;

// seen_rev is the rev that the step was computed on, null for a run that begins; was: the node where it stood.
// nodes to reasons are the lines of its trace, column by column. context is null when it is as it was.
const STEP = `lane int, id uuid, begins jsonb, seen_rev int, rev int, was int, node int, wake_at timestamptz, parked boolean, context jsonb, events jsonb,
  nodes int[], steps text[], branches int[], reasons text[], messages uuid[], sends jsonb, calls jsonb`;

// A run that begins by a row of the inbox begins only if that row was still there: its user may be erased by now.
// One that begins by itself needs its user. "is true" keeps the planner from joining the two, which it would do row
// by row.
const RUNS = `x as materialized (
    select x.* from jsonb_to_recordset($3::jsonb) as x (${STEP}) where (select open from gate)),
  fresh as materialized (
    select x.*, b.* from x cross join lateral jsonb_to_record(x.begins)
      as b (inbox_id bigint, app_id uuid, journey_id uuid, user_id uuid, run_key text, version int, started_at timestamptz)
    where x.begins is not null and case when b.inbox_id is null
      then exists (select from users u where u.lane = x.lane and u.id = b.user_id)
      else (b.inbox_id in (select t.id from taken t)) is true end),
  begun as (
    insert into journey_runs (lane, id, app_id, journey_id, user_id, run_key, version, node, rev, wake_at, parked, context, started_at)
    select lane, id, app_id, journey_id, user_id, run_key, version, node, rev, wake_at, parked, context, started_at
    from fresh where node is not null),
  going as (
    update journey_runs r set node = x.node, rev = x.rev, wake_at = x.wake_at, parked = x.parked,
      context = coalesce(x.context, r.context) from x
    where r.lane = x.lane and r.id = x.id and r.rev = x.seen_rev and x.node is not null
    returning r.lane, r.id, r.app_id, r.journey_id, r.user_id, r.run_key, r.version, coalesce(x.events, r.context -> 'events') as events, MOVED),
  ended as (
    delete from journey_runs r using x
    where r.lane = x.lane and r.id = x.id and r.rev = x.seen_rev and x.node is null
    returning r.lane, r.id, r.app_id, r.journey_id, r.user_id, r.run_key, r.version, coalesce(x.events, r.context -> 'events'), MOVED),
  moved as materialized (
    select lane, id, app_id, journey_id, user_id, run_key, version, coalesce(x.events, x.context -> 'events') as events, MOVED from fresh x
    union all select * from going union all select * from ended)`.replaceAll(
  'MOVED',
  `coalesce(x.seen_rev, 0) as seen_rev, x.was, x.node, x.nodes, x.steps, x.branches, x.reasons, x.messages, x.sends, x.calls`,
);

// Messages, their chunks and the calls of webhooks belong to other modules; they are written here because a step and what it sends
// are one commit. $4 is now.
const OUTCOME = `t as (
    insert into journey_trace (lane, run_id, rev, day, app_id, journey_id, user_id, node, step, branch, reason, message_id, at)
    select m.lane, m.id, m.seen_rev + t.n, ($4::timestamptz at time zone 'UTC')::date, m.app_id, m.journey_id, m.user_id,
      t.node, t.step, t.branch, t.reason, t.message_id, $4::timestamptz
    from moved m cross join lateral unnest(m.nodes, m.steps, m.branches, m.reasons, m.messages)
      with ordinality as t (node, step, branch, reason, message_id, n)),
  s as materialized (
    select m.app_id, m.lane, s.message_id, s.channel, s.name, s.template_id, s.content_id, s.targets,
      jsonb_build_object('journey', jsonb_build_object('name', s.name, 'events', coalesce(m.events, '[]'))) as custom_data,
      jsonb_build_object('journey_id', m.journey_id, 'node_id', s.node_id, 'run_id', m.id) as request
    from moved m cross join lateral jsonb_to_recordset(m.sends) as s
      (message_id uuid, channel text, name text, node_id uuid, template_id uuid, content_id uuid, targets uuid[])
    where m.sends is not null),
  messages_made as (
    insert into messages (id, app_id, kind, channel, name, template_id, content_id, custom_data, request, queued_at, send_after)
    select message_id, app_id, 'journey', channel, name, template_id, content_id, custom_data, request, $4::timestamptz, $4::timestamptz from s),
  chunks_made as (
    insert into message_chunks (message_id, lane, app_id, channel, state, priority, due_at, targets)
    select message_id, lane, app_id, channel, 'ready', 0, $4::timestamptz, targets from s),
  c as materialized (
    select m.lane, c.call_id, m.app_id, c.webhook_id, m.user_id,
      jsonb_build_object('journey_id', m.journey_id, 'node_id', c.node_id, 'run_id', m.id) as origin,
      jsonb_build_object('journey', jsonb_build_object('name', c.name, 'events', coalesce(m.events, '[]'))) as context
    from moved m cross join lateral jsonb_to_recordset(m.calls) as c
      (call_id uuid, webhook_id uuid, node_id uuid, name text)
    where m.calls is not null),
  calls_made as (${appendCalls(`select lane, call_id, app_id, webhook_id, user_id, origin, context,
    $4::timestamptz, $4::timestamptz from c`)})`;

// Who came in and who left, for the apps that want to hear of it: where none does, no run is looked at for it.
const HAPPENED = `wanted as materialized (select app_id from feed_topics where topic = 'journeys'),
  happened as (
    select m.lane, m.app_id, 'journeys' as topic, row_number() over (order by m.id, t.n) as n,
      md5(m.id || ' ' || (m.seen_rev + t.n))::uuid as id,
      case t.step when 'entered' then 'journey.entered' else 'journey.exited' end as kind, m.user_id,
      null::uuid as subscription_id, $4::timestamptz as at,
      jsonb_build_object('journey_id', m.journey_id, 'run_id', m.id, 'run_key', m.run_key, 'version', m.version, 'reason', t.reason)
        || case t.step when 'entered' then jsonb_build_object('held_out', 'held out' = any (m.steps))
           else jsonb_build_object('step', t.step) end as data,
      $4::timestamptz as written_at
    from moved m cross join lateral unnest(m.steps, m.reasons) with ordinality as t (step, reason, n)
    where exists (select from wanted) and m.app_id in (select app_id from wanted)
      and t.step in ('entered', 'completed', 'exited early', 'stopped'))`;

// An entry is made once and changed afterwards: one that was erased does not come back. A refusal hangs on the row
// of the inbox that it comes of, as a run does.
const AUDIENCE = `entries_made as (
    insert into journey_entries (lane, user_id, journey_id, app_id, inside, barred, again_at, wake_at, parked)
    select e.lane, e.user_id, e.journey_id, e.app_id, e.inside, e.barred, e.again_at, e.wake_at, e.parked
    from jsonb_to_recordset($6::jsonb) as e (inbox_id bigint, lane int, user_id uuid, journey_id uuid, app_id uuid,
      inside boolean, barred boolean, again_at timestamptz, wake_at timestamptz, parked boolean, is_new boolean)
    where e.is_new and (select open from gate) and case when e.inbox_id is null
      then exists (select from users u where u.lane = e.lane and u.id = e.user_id)
      else (e.inbox_id in (select t.id from taken t)) is true end
    on conflict do nothing),
  entries_changed as (
    update journey_entries j set inside = e.inside, again_at = e.again_at, wake_at = e.wake_at, parked = e.parked
    from jsonb_to_recordset($6::jsonb) as e (lane int, user_id uuid, journey_id uuid,
      inside boolean, again_at timestamptz, wake_at timestamptz, parked boolean, is_new boolean)
    where not e.is_new and (select open from gate)
      and j.lane = e.lane and j.user_id = e.user_id and j.journey_id = e.journey_id),
  refused as materialized (
    select n.* from jsonb_to_recordset($7::jsonb) as n
      (inbox_id bigint, lane int, user_id uuid, journey_id uuid, app_id uuid, reason text, times int)
    where (n.inbox_id in (select t.id from taken t)) is true),
  refusals_kept as (
    insert into journey_refusals (lane, user_id, journey_id, app_id, reason, at)
    select lane, user_id, journey_id, app_id, reason, $4::timestamptz from refused
    on conflict (lane, user_id, journey_id) do update set reason = excluded.reason, at = excluded.at)`;

// The first lane of the fence stands for all of them.
const COUNTS = `counted as (
    insert into journey_counts as k (lane, app_id, journey_id, key, name, count)
    select ($1::int[])[1], app_id, journey_id, key, name, sum(n) from (
      select m.app_id, m.journey_id, t.node as key, t.step as name, 1 as n
      from moved m cross join lateral unnest(m.nodes, m.steps) as t (node, step)
      union all
      select m.app_id, m.journey_id, b.branch, 'taken', 1 from moved m cross join lateral unnest(m.branches) as b (branch)
      where b.branch is not null
      union all
      select app_id, journey_id, was, 'waiting', -1 from moved where was > 0 and was is distinct from node
      union all
      select app_id, journey_id, node, 'waiting', 1 from moved where node > 0 and was is distinct from node
      union all
      select app_id, journey_id, 0, 'not entered: ' || reason, times from refused) c
    group by app_id, journey_id, key, name having sum(n) <> 0
    on conflict (journey_id, key, name, lane) do update set count = k.count + excluded.count)`;

const move = statement(
  'journeys.move',
  `with ${GATE}, ${RUNS}, ${OUTCOME}, ${AUDIENCE}, ${COUNTS}, ${HAPPENED}, ${TELL_HAPPENED}
   select open, (select count(*)::int from moved) as moved, exists (select from news) as "isTold" from gate`,
);

/** `open`: the lanes were still owned. `moved`: runs that were as they had been read. */
export interface Written {
  readonly open: boolean;
  readonly moved: number;
  /** The feed tells of any. */
  readonly isTold: boolean;
}

const hold = statement(
  'journeys.hold-lanes',
  `with f as materialized (${fence('$1', '$2')}) select count(*) = cardinality($1::int[]) as open from f`,
);

/** Keeps the lanes of a batch from any other owner until the commit. False when one of them is not owned any more. */
export async function holdLanes(
  transaction: Queryable,
  owned: OwnedLanes,
  rows: BatchRows,
): Promise<boolean> {
  const held = await transaction.rows<{ open: boolean }>(hold, fenceOf(owned, lanesOf(owned, rows)));
  return held[0]?.open === true;
}

/** The first stands for those who own none of the rows. */
function lanesOf(owned: OwnedLanes, { inbox, runs, entries }: BatchRows): number[] {
  const [first = 0] = owned.lanes.keys();
  return [first, ...[...inbox, ...runs, ...entries].map(({ lane }) => lane)];
}

/** Writes a batch in one commit; nothing of it when one of its lanes is not owned any more. */
export async function writeBatch(
  database: Queryable,
  owned: OwnedLanes,
  batch: BatchRows,
  now: number,
): Promise<Written> {
  const { inbox, runs, entries, refusals } = batch;
  const [lanes, epochs] = fenceOf(owned, lanesOf(owned, batch));
  const ids = inbox.map(({ id }) => id);
  const values = [lanes, epochs, asJson(runs), new Date(now), ids, asJson(entries), asJson(refusals)];
  return (await database.rows<Written>(move, values))[0] as Written;
}
