import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

/** Where a device takes a live activity: the start of one of a type, or news of one that goes on, by its id. */
export interface ActivityPlace {
  readonly appId: string;
  readonly kind: 'start' | 'update';
  readonly activity: string;
}

export interface ActivityToken {
  readonly subscriptionId: string;
  readonly token: string;
}

const save = statement(
  'live-activity-tokens.save',
  `insert into live_activity_tokens (app_id, kind, activity, subscription_id, token, updated_at)
   values ($1, $2, $3, $4, $5, $6)
   on conflict (app_id, kind, activity, subscription_id)
   do update set token = excluded.token, updated_at = excluded.updated_at, ended_at = null`,
);

const remove = statement(
  'live-activity-tokens.remove',
  `delete from live_activity_tokens
   where app_id = $1 and kind = $2 and activity = $3 and subscription_id = $4`,
);

const ofSubscriptions = statement(
  'live-activity-tokens.of-subscriptions',
  `select t.subscription_id as "subscriptionId", t.token
   from unnest($4::uuid[]) as asked (id)
   cross join lateral (
     select * from live_activity_tokens t
     where t.app_id = $1 and t.kind = $2 and t.activity = $3 and t.subscription_id = asked.id limit 1) t`,
);

const goingOn = statement(
  'live-activity-tokens.going-on',
  `select subscription_id as "subscriptionId" from live_activity_tokens
   where app_id = $1 and kind = 'update' and activity = $2 and ended_at is null limit $3`,
);

const end = statement(
  'live-activity-tokens.end',
  `update live_activity_tokens t set ended_at = $4
   from (
     select a.id, a.token from jsonb_to_recordset($3::jsonb) a (id uuid, token text) order by a.id) asked
   where t.app_id = $1 and t.kind = 'update' and t.activity = $2 and t.subscription_id = asked.id
     and t.token = asked.token`,
);

const forget = statement(
  'live-activity-tokens.forget',
  `delete from live_activity_tokens t using jsonb_to_recordset($4::jsonb) asked (id uuid, token text)
   where t.app_id = $1 and t.kind = $2 and t.activity = $3 and t.subscription_id = asked.id
     and t.token = asked.token`,
);

const forgetOld = statement(
  'live-activity-tokens.forget-old',
  `delete from live_activity_tokens where (app_id, kind, activity, subscription_id) in (
     select app_id, kind, activity, subscription_id from live_activity_tokens
     where updated_at < $1 and (kind = 'update' or updated_at < $2) order by updated_at limit $3)`,
);

const byTokens = statement(
  'live-activity-tokens.by-tokens',
  `select subscription_id as "subscriptionId", token from live_activity_tokens
   where app_id = $1 and token = any($2)`,
);

const ofApp = statement(
  'live-activity-tokens.erase-app',
  `delete from live_activity_tokens where (app_id, kind, activity, subscription_id) in (
     select app_id, kind, activity, subscription_id from live_activity_tokens where app_id = $1 limit $2)`,
);

/** Keeps a device's token; a later one takes its place. */
export async function saveActivityToken(
  database: Queryable,
  { appId, kind, activity }: ActivityPlace,
  { subscriptionId, token }: ActivityToken,
  now: number,
): Promise<void> {
  await database.run(save, [appId, kind, activity, subscriptionId, token, new Date(now)]);
}

export async function removeActivityToken(
  database: Queryable,
  { appId, kind, activity }: ActivityPlace,
  subscriptionId: string,
): Promise<void> {
  await database.run(remove, [appId, kind, activity, subscriptionId]);
}

/** The tokens of those of the subscriptions that have one. */
export function activityTokensOf(
  database: Queryable,
  { appId, kind, activity }: ActivityPlace,
  subscriptionIds: readonly string[],
): Promise<ActivityToken[]> {
  return database.rows(ofSubscriptions, [appId, kind, activity, subscriptionIds]);
}

/** Up to `limit` subscriptions on whose devices an activity goes on. */
export async function subscriptionsOfActivity(
  database: Queryable,
  appId: string,
  activityId: string,
  limit: number,
): Promise<string[]> {
  const rows = await database.rows<{ subscriptionId: string }>(goingOn, [appId, activityId, limit]);
  return rows.map(({ subscriptionId }) => subscriptionId);
}

/** An activity has been told to end on these devices. */
export async function endActivityTokens(
  database: Queryable,
  { appId, activity }: Omit<ActivityPlace, 'kind'>,
  tokens: readonly ActivityToken[],
  now: number,
): Promise<void> {
  await database.run(end, [appId, activity, asJson(tokens.map(asked)), new Date(now)]);
}

/** Tokens that reach nothing any more; one that has been replaced since stays. */
export async function forgetActivityTokens(
  database: Queryable,
  { appId, kind, activity }: ActivityPlace,
  tokens: readonly ActivityToken[],
): Promise<void> {
  await database.run(forget, [appId, kind, activity, asJson(tokens.map(asked))]);
}

const asked = ({ subscriptionId: id, token }: ActivityToken) => ({ id, token });

const ROWS_A_STATEMENT = 5_000;

/** Forgets tokens of activities that were written down before `updatesBefore`, and those that start one before `startsBefore`. */
export async function forgetOldActivityTokens(
  database: Queryable,
  { updatesBefore, startsBefore }: { readonly updatesBefore: number; readonly startsBefore: number },
): Promise<void> {
  const values = [new Date(updatesBefore), new Date(startsBefore), ROWS_A_STATEMENT];
  while ((await database.run(forgetOld, values)) === ROWS_A_STATEMENT) {
    // Another round until a batch was not full.
  }
}

/** The subscriptions of an app that have these tokens, by token. */
export async function findByActivityTokens(
  database: Queryable,
  appId: string,
  tokens: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await database.rows<ActivityToken>(byTokens, [appId, tokens]);
  return new Map(rows.map(({ token, subscriptionId }) => [token, subscriptionId]));
}

/** Up to `limit` tokens of an app; how many went. */
export function eraseActivityTokens(transaction: Queryable, appId: string, limit: number): Promise<number> {
  return transaction.run(ofApp, [appId, limit]);
}
