import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { History } from './history.ts';

/** Where a subscription was, and by which token it was not reached. */
export interface UnreachedPlace {
  readonly lane: number;
  readonly subscriptionId: string;
  readonly token: string;
}

// One after the other in the order of their ids, so that two pages do not wait for each other. Whoever has another
// token by now, or is off, is left alone.
const mark = statement(
  'subscriptions.mark-unreachable',
  `select count(c.outcome)::int as marked
   from (
     select s.id, s.token
     from jsonb_to_recordset($2::jsonb) asked (lane int, id uuid, token text)
     left join lateral (
       select m.lane from moved_subscriptions m where m.subscription_id = asked.id limit 1) m on true
     cross join lateral (
       select s.id, s.token from subscriptions s
       where s.lane = coalesce(m.lane, asked.lane) and s.id = asked.id and s.app_id = $1 and s.token = asked.token
         and s.notification_types > 0 limit 1) s
     order by s.id
     offset 0) found
   cross join lateral change_subscription($1, found.id,
     jsonb_build_object('of_token', found.token, 'notification_types', $3::int, 'device', '{}'::jsonb), $4::jsonb, $5) c`,
);

/** How many were switched off. Fails with 40001 when one of them moved at the same moment. */
export async function markUnreachable(
  database: Queryable,
  appId: string,
  places: readonly UnreachedPlace[],
  notificationTypes: number,
  { history, now }: { readonly history: History; readonly now: number },
): Promise<number> {
  const asked = places.map(({ lane, subscriptionId: id, token }) => ({ lane, id, token }));
  const values = [appId, asJson(asked), notificationTypes, JSON.stringify(history), new Date(now)];
  const [row] = await database.rows<{ marked: number }>(mark, values);
  return row?.marked ?? 0;
}
