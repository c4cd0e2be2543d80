import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { ErasedCounts } from '../../identity/index.ts';
import type { PersonalData, Person } from '../../identity/index.ts';

const read = statement(
  '',
  `select s.user_id as onesignal_id, array(
     select g.name from live_segments l join segments g on g.app_id = l.app_id and g.id = l.segment_id
     where l.app_id = s.app_id and l.slot = any (s.segments) order by g.name) as segments
   from unnest($2::int[], $3::uuid[]) x (lane, user_id)
   join segment_state s on s.lane = x.lane and s.app_id = $1 and s.user_id = x.user_id`,
);

const remove = statement(
  'live.erase-state-of-users',
  `delete from segment_state s using unnest($2::int[], $3::uuid[]) x (lane, user_id)
   where s.lane = x.lane and s.app_id = $1 and s.user_id = x.user_id`,
);

function valuesOf({ appId, users }: Person) {
  return [appId, users.map(({ lane }) => lane), users.map(({ userId }) => userId)];
}

/** In which live segments people are. A user who is gone is in none, and nothing is written about them any more. */
export function liveSegmentData(database: Queryable): PersonalData {
  return {
    name: 'live_segments',
    async *exportOf(person) {
      yield* await database.rows(read, valuesOf(person));
    },
    async erase(people) {
      const counts = new ErasedCounts(people);
      for (const person of people) {
        if (person.users.length === 0) continue;
        const rows = await database.run(remove, valuesOf(person));
        counts.add(
          person.users.map(({ userId }) => userId),
          rows,
        );
      }
      return counts.results();
    },
  };
}
