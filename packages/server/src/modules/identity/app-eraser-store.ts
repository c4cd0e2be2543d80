import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

const aliases = statement(
  'identity.erase-aliases',
  `delete from aliases where (app_id, label, value) in (
     select app_id, label, value from aliases where app_id = $1 limit $2)`,
);

const tokens = statement(
  'identity.erase-tokens',
  `delete from tokens where (app_id, type, token) in (
     select app_id, type, token from tokens where app_id = $1 limit $2)`,
);

const lane = statement(
  'identity.erase-lane',
  `with subscription as (
     delete from subscriptions where lane = $2 and app_id = $1 returning id),
   moved as (
     delete from moved_subscriptions m using subscription s where m.subscription_id = s.id returning 1),
   consent as (
     delete from consents where lane = $2 and app_id = $1 returning 1),
   former as (
     delete from former_users where lane = $2 and app_id = $1 returning 1),
   change as (
     delete from user_changes where lane = $2 and app_id = $1 returning 1),
   noted as (
     delete from changed_users where lane = $2 and app_id = $1 returning 1),
   gone as (
     delete from users where lane = $2 and app_id = $1 returning 1)
   select (select count(*) from subscription) + (select count(*) from moved) + (select count(*) from consent)
     + (select count(*) from former) + (select count(*) from change) + (select count(*) from noted) + (select count(*) from gone) as rows`,
);

/** Up to `limit` aliases of an app; how many went. */
export function eraseAliases(transaction: Queryable, appId: string, limit: number): Promise<number> {
  return transaction.run(aliases, [appId, limit]);
}

/** The same for tokens. */
export function eraseTokens(transaction: Queryable, appId: string, limit: number): Promise<number> {
  return transaction.run(tokens, [appId, limit]);
}

/** An app's users of one lane, with all that has the lane in its key. */
export async function eraseUsers(transaction: Queryable, appId: string, ofLane: number): Promise<number> {
  const [row] = await transaction.rows<{ rows: number }>(lane, [appId, ofLane]);
  return row?.rows ?? 0;
}
