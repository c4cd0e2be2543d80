import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { ErasedCounts } from '../../identity/index.ts';
import type { PersonalData } from '../../identity/index.ts';

/** A person can be in all that was kept for a week: no statement changes more than this. */
const ROWS_A_STEP = 1_000;

/** That something was sent stays, and what it said goes: a batch speaks of others, too. */
const erase = statement(
  'event-stream-attempts.erase-people',
  `update event_stream_attempts a set request = null, answer = null,
     about = array(select id from unnest(a.about) id where id <> all ($2))
   where (a.app_id, a.stream_id, a.id, a.day) in (
     select app_id, stream_id, id, day from event_stream_attempts where app_id = $1 and about && $2 limit $3)`,
);

/** What waited to be told of them is told of nobody any more: it is not told. */
const eraseHeld = statement(
  'event-stream-held.erase-people',
  `delete from event_stream_held where (app_id, stream_id, user_key, lane, position, nth) in (
     select app_id, stream_id, user_key, lane, position, nth from event_stream_held
     where app_id = $1 and user_key = any ($2) limit $3)`,
);

/** What event streams have sent about people is told by the feed: there is nothing to export. */
export function streamData(database: Queryable): PersonalData {
  const inSteps = async (step: typeof erase, appId: string, ids: readonly string[]): Promise<number> => {
    let count = 0;
    for (;;) {
      const rows = await database.run(step, [appId, ids, ROWS_A_STEP]);
      count += rows;
      if (rows < ROWS_A_STEP) return count;
    }
  };
  return {
    name: 'event-streams',
    exportOf: null,
    async erase(people) {
      const counts = new ErasedCounts(people);
      for (const { appId, users, subscriptions } of people) {
        const ids = [...users.map(({ userId }) => userId), ...subscriptions.map(({ id }) => id)];
        const count = (await inSteps(erase, appId, ids)) + (await inSteps(eraseHeld, appId, ids));
        counts.add(ids.slice(0, 1), count);
      }
      return counts.results();
    },
  };
}
