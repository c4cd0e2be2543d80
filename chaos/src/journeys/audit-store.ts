import { statement } from '@carillon/server';
import type { Database } from '@carillon/server';
import { one } from '../lanes/audit-store.ts';

const runs = statement(
  'chaos.runs',
  `with r as (
     select lane, run_id, string_agg(step, ' ' order by rev) as steps, count(distinct rev) as revs, max(rev) as last
     from journey_trace group by lane, run_id)
   select count(*)::int as runs,
     (count(*) filter (where steps !~ $1))::int as incomplete,
     (count(*) filter (where revs <> last))::int as gaps,
     (select count(*)::int from custom_events where name = 'start') as started
   from r`,
);

// Every message names its run and its node, and carries the event that the run began with.
const sends = statement(
  'chaos.sends',
  `with sent as (
     select m.id, m.request ->> 'run_id' as run, m.request ->> 'node_id' as node,
       m.custom_data #>> '{journey,events,0,id}' as event
     from messages m where m.kind = 'journey')
   select (select count(*)::int from sent) as messages,
     (select count(*)::int from journey_trace where step = 'sent') as lines,
     (select count(*)::int from (select run, node from sent group by run, node having count(*) > 1) d) as doubled,
     (select count(*)::int from (select event from sent group by event having count(distinct run) > 1) d) as "runsDoubled",
     (select count(*)::int from sent s where not exists (select from message_chunks c where c.message_id = s.id))
       + (select count(*)::int from journey_trace t where t.step = 'sent'
          and not exists (select from messages m where m.id = t.message_id)) as orphans`,
);

// What was counted as it happened, against the trace that was written with it.
const counts = statement(
  'chaos.counts',
  `with counted as (
     select key, name, sum(count) as n from journey_counts group by key, name having sum(count) <> 0),
   traced as (
     select node as key, step as name, count(*) as n from journey_trace group by node, step
     union all
     select branch, 'taken', count(*) from journey_trace where branch is not null group by branch)
   select count(*)::int as rows from counted c full join traced t using (key, name)
   where c.n is distinct from t.n`,
);

const tagless = statement(
  'chaos.tagless',
  `select count(distinct t.user_id)::int as users from journey_trace t
   join users u on u.lane = t.lane and u.id = t.user_id
   where t.step = 'tagged' and u.tags ->> 'went' is distinct from 'yes'`,
);

export interface JourneyAudit {
  readonly started: number;
  readonly runs: number;
  readonly incomplete: number;
  readonly gaps: number;
  readonly messages: number;
  readonly lines: number;
  readonly doubled: number;
  readonly runsDoubled: number;
  readonly orphans: number;
  readonly wrongCounts: number;
  readonly tagless: number;
}

/** Holds all that is stored against each other. `way`: a regular expression for the steps of a run. */
export async function auditJourneys(database: Database, way: string): Promise<JourneyAudit> {
  return {
    ...(await one<Pick<JourneyAudit, 'started' | 'runs' | 'incomplete' | 'gaps'>>(database, runs, [way])),
    ...(await one<Pick<JourneyAudit, 'messages' | 'lines' | 'doubled' | 'runsDoubled' | 'orphans'>>(
      database,
      sends,
    )),
    wrongCounts: (await one<{ rows: number }>(database, counts)).rows,
    tagless: (await one<{ users: number }>(database, tagless)).users,
  };
}
