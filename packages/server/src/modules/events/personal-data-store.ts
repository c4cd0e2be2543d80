import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { ROWS_A_STEP, walk } from '../../platform/database/walk.ts';
import type { WalkStep } from '../../platform/database/walk.ts';
import { ErasedCounts, lanesOfPeople } from '../identity/index.ts';
import type { PersonalData, Person } from '../identity/index.ts';
import { forgetPeopleOfNames } from './names/name-store.ts';

/** By a walk through the lane: the index is by name first, and an event may have any. */
const LOOKED = (columns: string) => `looked as materialized (
     select received_at, id, user_id ${columns} from custom_events
     where lane = $1 and received_at >= coalesce($2::timestamptz, '-infinity')
       and (received_at, id) > (coalesce($2::timestamptz, '-infinity'), coalesce($3::uuid, '00000000-0000-0000-0000-000000000000'))
     order by received_at, id limit $4)`;

// A CTE gives its rows back in the order in which it made them.
const LAST = `(select jsonb_build_array(received_at, id) from looked offset $4 - 1 limit 1) as last`;

const read = statement(
  '',
  `with ${LOOKED(', name, properties, at')}
   select ${LAST}, (
     select jsonb_agg(jsonb_build_object('id', id, 'name', name, 'properties', properties, 'timestamp', at,
       'received_at', received_at, 'onesignal_id', user_id) order by received_at, id)
     from looked where user_id = any($5)) as events`,
);

const remove = statement(
  'events.erase',
  `with ${LOOKED('')},
   gone as (
     delete from custom_events e using looked l
     where l.user_id = any($5) and e.lane = $1 and e.received_at = l.received_at and e.id = l.id
     returning e.user_id)
   select ${LAST}, (
     select jsonb_object_agg(user_id, n) from (select user_id, count(*) as n from gone group by user_id) c) as gone`,
);

interface Read extends WalkStep {
  readonly events: readonly object[] | null;
}

interface Removed extends WalkStep {
  readonly gone: Readonly<Record<string, number>> | null;
}

/** Fewer than in a step that tells nothing: all of them may be the person's, and are in memory together. */
const EVENTS_TOLD_A_STEP = 2_000;

/** `database` is for erasing: with the settings of `openErasingDatabase`. */
export function customEventData(database: Queryable): PersonalData {
  return {
    name: 'custom_events',
    async *exportOf(person: Person) {
      for (const { lane, users } of lanesOfPeople([person])) {
        if (users.length === 0) continue;
        const steps = walk(async (after) => {
          const values = [lane, ...(after ?? [null, null]), EVENTS_TOLD_A_STEP, users];
          return (await database.rows<Read>(read, values))[0];
        });
        for await (const { events } of steps) yield* events ?? [];
      }
    },
    async erase(people) {
      const counts = new ErasedCounts(people);
      for (const { appId, users } of people) {
        await forgetPeopleOfNames(
          database,
          appId,
          users.map(({ userId }) => userId),
        );
      }
      for (const { lane, users } of lanesOfPeople(people)) {
        if (users.length === 0) continue;
        const steps = walk(async (after) => {
          const values = [lane, ...(after ?? [null, null]), ROWS_A_STEP, users];
          return (await database.rows<Removed>(remove, values))[0];
        });
        for await (const { gone } of steps) {
          for (const [userId, rows] of Object.entries(gone ?? {})) counts.add([userId], rows);
        }
      }
      return counts.results();
    },
  };
}
