import { statement } from '../../../platform/database/database.ts';
import type { Queryable, Statement } from '../../../platform/database/database.ts';
import { ErasedCounts, lanesOfPeople } from '../../identity/index.ts';
import type { PersonalData } from '../../identity/index.ts';

// By the key, whose beginning is the lane and the user: a user has a row for each journey at most.
const readEntries = statement(
  '',
  `select journey_id, inside, barred, again_at from journey_entries
   where lane = $1 and user_id = any($2) order by journey_id`,
);
const readRefusals = statement(
  '',
  `select journey_id, reason, at from journey_refusals where lane = $1 and user_id = any($2) order by journey_id`,
);
const removeFrom = (name: string, table: string) =>
  statement(
    name,
    `with gone as (delete from ${table} where lane = $1 and user_id = any($2) returning user_id)
     select user_id as "userId", count(*)::int as rows from gone group by user_id`,
  );
const removeEntries = removeFrom('journeys.erase-entries-of-users', 'journey_entries');
const removeRefusals = removeFrom('journeys.erase-refusals-of-users', 'journey_refusals');

/** Which journeys people were in, and which did not let them in. */
export function journeyAudienceData(database: Queryable): PersonalData[] {
  return [
    dataOf(database, 'journey_entries', readEntries, removeEntries),
    dataOf(database, 'journey_refusals', readRefusals, removeRefusals),
  ];
}

function dataOf(database: Queryable, name: string, read: Statement, remove: Statement): PersonalData {
  return {
    name,
    async *exportOf(person) {
      for (const { lane, users } of lanesOfPeople([person])) {
        if (users.length > 0) yield* await database.rows<object>(read, [lane, users]);
      }
    },
    async erase(people) {
      const counts = new ErasedCounts(people);
      for (const { lane, users } of lanesOfPeople(people)) {
        if (users.length === 0) continue;
        const gone = await database.rows<{ userId: string; rows: number }>(remove, [lane, users]);
        for (const { userId, rows } of gone) counts.add([userId], rows);
      }
      return counts.results();
    },
  };
}
