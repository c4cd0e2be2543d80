import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { PersonalData } from '../../identity/index.ts';

const read = statement(
  '',
  `select kind, activity, subscription_id, token, updated_at, ended_at from live_activity_tokens
   where app_id = $1 and subscription_id = any($2) order by subscription_id, kind, activity`,
);

const erase = statement(
  'live-activity-tokens.erase-people',
  `with asked as (select * from jsonb_to_recordset($1) as a (n int, app uuid, id uuid)),
   gone as (
     delete from live_activity_tokens t using asked a where t.subscription_id = a.id and t.app_id = a.app
     returning a.n)
   select n, count(*)::int as rows from gone group by n`,
);

/** Which live activities somebody's devices take, and by which tokens. */
export function liveActivityData(database: Queryable): PersonalData {
  return {
    name: 'live_activity_tokens',
    async *exportOf({ appId, subscriptions }) {
      yield* await database.rows<object>(read, [appId, subscriptions.map(({ id }) => id)]);
    },
    async erase(people) {
      const asked = people.flatMap(({ appId, subscriptions }, n) =>
        subscriptions.map(({ id }) => ({ n, app: appId, id })),
      );
      const gone = await database.rows<{ n: number; rows: number }>(erase, [asJson(asked)]);
      const rows = new Map(gone.map((one) => [one.n, one.rows]));
      return people.map((_, n) => ({ rows: rows.get(n) ?? 0, isUnfinished: false }));
    },
  };
}
