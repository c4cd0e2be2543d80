import { statement } from '../../../platform/database/database.ts';
import type { Queryable, Statement } from '../../../platform/database/database.ts';
import { ROWS_A_STEP, walk } from '../../../platform/database/walk.ts';
import type { WalkStep } from '../../../platform/database/walk.ts';
import { ErasedCounts, lanesOfPeople } from '../../identity/index.ts';
import type { PersonalData, Person } from '../../identity/index.ts';
import { journeyAudienceData } from './audience-data-store.ts';

const NIL = `'00000000-0000-0000-0000-000000000000'`;
const GONE = `(select jsonb_object_agg(user_id, n) from (select user_id, count(*) as n from gone group by user_id) c) as gone`;

// As in events: nothing finds the rows of a user but a walk through the lane, in the order of the key.
// $1 lane, $2 rows to look at, $3 users, and the place before.
const lookedAtRuns = (columns: string) => `looked as materialized (
     select id, user_id ${columns} from journey_runs
     where lane = $1 and id > coalesce($4::uuid, ${NIL}) order by id limit $2)`;
const LAST_RUN = `(select jsonb_build_array(id) from looked offset $2 - 1 limit 1) as last`;

const lookedAtTrace = (columns: string) => `looked as materialized (
     select run_id, rev, day, user_id ${columns} from journey_trace
     where lane = $1 and (run_id, rev) > (coalesce($4::uuid, ${NIL}), coalesce($5::int, 0))
     order by run_id, rev limit $2)`;
const LAST_LINE = `(select jsonb_build_array(run_id, rev) from looked offset $2 - 1 limit 1) as last`;

const readRuns = statement(
  '',
  `with ${lookedAtRuns(', journey_id, node, wake_at, context, run_key, started_at')}
   select ${LAST_RUN}, (
     select jsonb_agg(jsonb_build_object('run_id', id, 'journey_id', journey_id, 'started_at', started_at,
       'wakes_at', wake_at, 'run_key', run_key, 'events', context -> 'events') order by id)
     from looked where user_id = any($3)) as told`,
);

const readTrace = statement(
  '',
  `with ${lookedAtTrace(', journey_id, step, reason, message_id, at')}
   select ${LAST_LINE}, (
     select jsonb_agg(jsonb_build_object('run_id', run_id, 'journey_id', journey_id, 'at', at, 'step', step, 'reason', reason,
       'message_id', message_id) order by run_id, rev)
     from looked where user_id = any($3)) as told`,
);

// A step of the lane's owner that is under way finds its run gone, and writes nothing.
const removeRuns = statement(
  'journeys.erase-runs',
  `with ${lookedAtRuns('')},
   gone as (
     delete from journey_runs r using looked l
     where l.user_id = any($3) and r.lane = $1 and r.id = l.id returning r.user_id, r.app_id, r.journey_id, r.node),
   counted as (
     insert into journey_counts as k (lane, app_id, journey_id, key, name, count)
     select $1, app_id, journey_id, node, 'waiting', -count(*) from gone where node > 0 group by app_id, journey_id, node
     on conflict (journey_id, key, name, lane) do update set count = k.count + excluded.count)
   select ${LAST_RUN}, ${GONE}`,
);

const removeTrace = statement(
  'journeys.erase-trace',
  `with ${lookedAtTrace('')},
   gone as (
     delete from journey_trace t using looked l
     where l.user_id = any($3) and t.lane = $1 and t.run_id = l.run_id and t.rev = l.rev and t.day = l.day
     returning t.user_id)
   select ${LAST_LINE}, ${GONE}`,
);

interface Step extends WalkStep {
  readonly told?: readonly object[] | null;
  readonly gone?: Readonly<Record<string, number>> | null;
}

/** Runs go before their trace: one that is gone writes no more lines. */
export function journeyData(database: Queryable): PersonalData[] {
  return [
    dataOf(database, 'journey_runs', { read: readRuns, remove: removeRuns, start: [null] }),
    dataOf(database, 'journey_trace', { read: readTrace, remove: removeTrace, start: [null, null] }),
    ...journeyAudienceData(database),
  ];
}

interface Walk {
  readonly read: Statement;
  readonly remove: Statement;
  /** The place before all rows. */
  readonly start: readonly null[];
}

function dataOf(database: Queryable, name: string, { read, remove, start }: Walk): PersonalData {
  const steps = (action: Statement, lane: number, users: readonly string[]) =>
    walk(async (after) => {
      const values = [lane, ROWS_A_STEP, users, ...(after ?? start)];
      return (await database.rows<Step>(action, values))[0];
    });
  return {
    name,
    async *exportOf(person: Person) {
      for (const { lane, users } of lanesOfPeople([person])) {
        for await (const { told } of steps(read, lane, users)) yield* told ?? [];
      }
    },
    async erase(people) {
      const counts = new ErasedCounts(people);
      for (const { lane, users } of lanesOfPeople(people)) {
        if (users.length === 0) continue;
        for await (const { gone } of steps(remove, lane, users)) {
          for (const [userId, rows] of Object.entries(gone ?? {})) counts.add([userId], rows);
        }
      }
      return counts.results();
    },
  };
}
