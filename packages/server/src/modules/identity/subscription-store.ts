import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { laneOf } from '../../platform/ids.ts';
import { consentOf } from './consent.ts';
import type { History } from './history.ts';
import type { SubscriptionChanges } from './subscription-changes.ts';
import type { SubscriptionRow } from './subscription-row.ts';

const byId = statement(
  'subscriptions.by-id',
  `select s.* from subscriptions s
   where s.lane = coalesce((select m.lane from moved_subscriptions m where m.subscription_id = $3), $2)
     and s.id = $3 and s.app_id = $1`,
);

const byToken = statement(
  'subscriptions.by-token',
  `select s.* from tokens t
   join subscriptions s on s.lane = t.lane and s.id = t.subscription_id and s.app_id = t.app_id
   where t.app_id = $1 and t.type = $2 and t.token = $3`,
);

const change = statement(
  'subscriptions.change',
  'select outcome, subscription from change_subscription($1, $2, $3::jsonb, $4::jsonb, $5)',
);

const remove = statement('subscriptions.delete', 'select delete_subscription($1, $2, $3::jsonb, $4) as gone');

export async function findSubscription(
  database: Queryable,
  appId: string,
  id: string,
): Promise<SubscriptionRow | null> {
  const [row] = await database.rows<SubscriptionRow>(byId, [appId, laneOf(id), id]);
  return row ?? null;
}

/** `token` in its one spelling, as `parseToken` gives it. */
export async function findSubscriptionByToken(
  database: Queryable,
  appId: string,
  type: string,
  token: string,
): Promise<SubscriptionRow | null> {
  const [row] = await database.rows<SubscriptionRow>(byToken, [appId, type, token]);
  return row ?? null;
}

export type SubscriptionChangeResult =
  | { readonly outcome: 'updated'; readonly subscription: SubscriptionRow }
  | { readonly outcome: 'no-subscription' | 'token-taken' };

/**
 * `token` null keeps the present one. Fails with 40001 when the subscription moved at the same moment, or has
 * not the token `ofToken` any more by which it was found.
 */
export async function changeSubscription(
  database: Queryable,
  appId: string,
  id: string,
  {
    token,
    ofToken,
    consent,
    ...changes
  }: SubscriptionChanges & {
    readonly token: string | null;
    readonly ofToken: string | null;
  },
  { history, now }: { readonly history: History; readonly now: number },
): Promise<SubscriptionChangeResult> {
  const asked = {
    token,
    of_token: ofToken,
    enabled: changes.enabled,
    notification_types: changes.notificationTypes,
    device: changes.device,
    session_count: changes.sessionCount,
    session_time: changes.sessionTime,
    ...(consent !== null && consentOf(consent)),
  };
  const [row] = await database.rows<SubscriptionChangeResult>(change, [
    appId,
    id,
    asked,
    history,
    new Date(now),
  ]);
  return row ?? { outcome: 'no-subscription' };
}

/** False when there is none of that id. Fails with 40001 when it moved at the same moment. */
export async function deleteSubscription(
  database: Queryable,
  appId: string,
  id: string,
  { history, now }: { readonly history: History; readonly now: number },
): Promise<boolean> {
  const [row] = await database.rows<{ gone: boolean }>(remove, [appId, id, history, new Date(now)]);
  return row?.gone ?? false;
}
