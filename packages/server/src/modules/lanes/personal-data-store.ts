import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { ROWS_A_STEP } from '../../platform/database/walk.ts';
import { ErasedCounts, lanesOfPeople } from '../identity/index.ts';
import type { PersonalData } from '../identity/index.ts';

const remove = statement(
  'lanes.erase-inbox',
  `with gone as (
     delete from lane_inbox where lane = $1 and id in (
       select id from lane_inbox where lane = $1 and user_id = any($2) limit $3)
     returning user_id)
   select user_id as "userId", count(*)::int as rows from gone group by user_id`,
);

/**
 * What waits for the owners of lanes. An owner that has read a row already takes it out in the statement
 * that writes what came of it: when the row is gone by then, nothing comes of it.
 */
export function inboxData(database: Queryable): PersonalData {
  return {
    name: 'waiting_events',
    exportOf: null,
    async erase(people) {
      const counts = new ErasedCounts(people);
      for (const { lane, users } of lanesOfPeople(people)) {
        for (let left = users.length > 0; left;) {
          const values = [lane, users, ROWS_A_STEP];
          const gone = await database.rows<{ userId: string; rows: number }>(remove, values);
          for (const { userId, rows } of gone) counts.add([userId], rows);
          left = gone.reduce((sum, { rows }) => sum + rows, 0) === ROWS_A_STEP;
        }
      }
      return counts.results();
    },
  };
}
