import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { ErasedCounts } from '../../identity/index.ts';
import type { PersonalData } from '../../identity/index.ts';

/** That something was sent stays, and what it said goes: a batch speaks of others, too. */
const erase = statement(
  'event-stream-attempts.erase-people',
  `update event_stream_attempts a set request = null, answer = null,
     about = array(select id from unnest(a.about) id where id <> all ($2))
   where a.app_id = $1 and a.about && $2`,
);

/** What waited to be told of them is told of nobody any more: it is not told. */
const eraseHeld = statement(
  'event-stream-held.erase-people',
  `delete from event_stream_held where app_id = $1 and user_key = any ($2)`,
);

/** What event streams have sent about people is told by the feed: there is nothing to export. */
export function streamData(database: Queryable): PersonalData {
  return {
    name: 'event-streams',
    exportOf: null,
    async erase(people) {
      const counts = new ErasedCounts(people);
      for (const { appId, users, subscriptions } of people) {
        const ids = [...users.map(({ userId }) => userId), ...subscriptions.map(({ id }) => id)];
        const count =
          (await database.run(erase, [appId, ids])) + (await database.run(eraseHeld, [appId, ids]));
        counts.add(ids.slice(0, 1), count);
      }
      return counts.results();
    },
  };
}
