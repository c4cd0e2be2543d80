import type { SubscriptionType } from '@carillon/wire';
import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { SubscriptionPlace } from './recipient.ts';

// From what is asked into the index, as in recipient-store.
const byTokens = statement(
  'subscriptions.by-tokens',
  `select asked.token, s.lane, s.user_id as "userId", s.id as "subscriptionId", s.type, s.channel, s.reachable
   from unnest($3::text[]) as asked (token)
   cross join lateral (
     select t.lane, t.subscription_id from tokens t
     where t.app_id = $1 and t.type = $2 and t.token = asked.token limit 1) t
   cross join lateral (
     select * from subscriptions s where s.lane = t.lane and s.id = t.subscription_id limit 1) s`,
);

/** The subscriptions that have these tokens, by token; unknown tokens are absent. */
export async function findByTokens(
  database: Queryable,
  appId: string,
  type: SubscriptionType,
  tokens: readonly string[],
): Promise<Map<string, SubscriptionPlace>> {
  if (tokens.length === 0) return new Map();
  const rows = await database.rows<SubscriptionPlace & { readonly token: string }>(byTokens, [
    appId,
    type,
    tokens,
  ]);
  return new Map(rows.map(({ token, ...place }) => [token, place]));
}
