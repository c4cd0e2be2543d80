import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { ROWS_A_STEP } from '../../platform/database/walk.ts';
import { ErasedCounts, lanesOfPeople } from '../identity/index.ts';
import type { PersonalData, Person } from '../identity/index.ts';

const readCalls = statement(
  '',
  `select id, webhook_id, origin, context, created_at, due_at, attempts from webhook_calls
   where lane = $1 and user_id = any($2) order by id`,
);

const readAttempts = statement(
  '',
  `select id, webhook_id, call_id, at, outcome, status, reason, url, request, answer from webhook_attempts
   where app_id = $1 and about && $2 and user_id = any($2) order by id`,
);

// What is under way finds its call gone, and writes nothing of what came of it.
const removeCalls = statement(
  'webhooks.erase-calls-of-people',
  `with gone as (
     delete from webhook_calls where lane = $1 and id in (
       select id from webhook_calls where lane = $1 and user_id = any($2) limit $3)
     returning user_id)
   select user_id as "userId", count(*)::int as rows from gone group by user_id`,
);

const removeAttempts = statement(
  'webhooks.erase-attempts-of-people',
  `with gone as (
     delete from webhook_attempts where (webhook_id, id, day) in (
       select webhook_id, id, day from webhook_attempts
       where app_id = $1 and about && $2 and user_id = any($2) limit $3)
       and app_id = $1
     returning user_id)
   select user_id as "userId", count(*)::int as rows from gone group by user_id`,
);

type Gone = readonly { readonly userId: string; readonly rows: number }[];

/** Calls go before attempts: one that is gone writes no more of them. */
export function webhookData(database: Queryable): PersonalData[] {
  return [
    {
      name: 'webhook_calls',
      async *exportOf(person: Person) {
        for (const { lane, users } of lanesOfPeople([person])) {
          if (users.length > 0) yield* await database.rows(readCalls, [lane, users]);
        }
      },
      async erase(people) {
        const counts = new ErasedCounts(people);
        for (const { lane, users } of lanesOfPeople(people)) {
          if (users.length > 0) await eraseAll(counts, database, removeCalls, [lane, users]);
        }
        return counts.results();
      },
    },
    {
      name: 'webhook_attempts',
      async *exportOf({ appId, users }: Person) {
        const ids = users.map(({ userId }) => userId);
        if (ids.length > 0) yield* await database.rows(readAttempts, [appId, ids]);
      },
      async erase(people) {
        const counts = new ErasedCounts(people);
        for (const { appId, users } of people) {
          const ids = users.map(({ userId }) => userId);
          if (ids.length > 0) await eraseAll(counts, database, removeAttempts, [appId, ids]);
        }
        return counts.results();
      },
    },
  ];
}

async function eraseAll(
  counts: ErasedCounts,
  database: Queryable,
  action: typeof removeCalls,
  values: readonly unknown[],
): Promise<void> {
  for (let left = true; left;) {
    const gone: Gone = await database.rows(action, [...values, ROWS_A_STEP]);
    for (const { userId, rows } of gone) counts.add([userId], rows);
    left = gone.reduce((sum, { rows }) => sum + rows, 0) === ROWS_A_STEP;
  }
}
