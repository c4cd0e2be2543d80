import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

// `lateral` with `limit` or `offset 0`: from the users asked for into the index, whatever the planner thinks.
const people = statement(
  'webhooks.people',
  `select u.id as "userId", u.external_id as "externalId", u.language, u.timezone_id as "timezoneId", u.country, u.tags,
     coalesce((
       select jsonb_agg(jsonb_build_object('id', s.id, 'type', s.type, 'subscription_token', s.token,
         'enabled', s.enabled, 'email', case when s.channel = 'email' then s.token else '' end,
         'phone_number', case when s.channel = 'sms' then s.token else '' end)
         order by s.last_active desc nulls last, s.id desc)
       from (select * from subscriptions s
         where s.lane = u.lane and s.user_id = u.id and s.app_id = $1 offset 0) s), '[]') as subscriptions
   from jsonb_to_recordset($2::jsonb) asked (lane int, id uuid)
   cross join lateral (
     select * from users u where u.lane = asked.lane and u.id = asked.id and u.app_id = $1 limit 1) u`,
);

/** Whom a call is about, as it is when the call is made. */
export interface CallPerson {
  readonly userId: string;
  readonly externalId: string | null;
  readonly language: string | null;
  readonly timezoneId: string | null;
  readonly country: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Those used last first. */
  readonly subscriptions: readonly SubscriptionOfPerson[];
}

export interface SubscriptionOfPerson {
  readonly id: string;
  readonly type: string;
  readonly subscription_token: string;
  readonly enabled: boolean;
  readonly email: string;
  readonly phone_number: string;
}

/** By user id; who is gone is left out. */
export async function findPeople(
  database: Queryable,
  appId: string,
  places: readonly { readonly lane: number; readonly userId: string }[],
): Promise<Map<string, CallPerson>> {
  const asked = new Map(places.map(({ lane, userId }) => [userId, { lane, id: userId }]));
  const rows = await database.rows<CallPerson>(people, [appId, asJson([...asked.values()])]);
  return new Map(rows.map((row) => [row.userId, row]));
}
