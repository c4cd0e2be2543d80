import type { Queryable } from '../../platform/database/database.ts';
import { retryTransient } from '../../platform/database/retry.ts';
import type { History } from './history.ts';
import { changeSubscription } from './subscription-store.ts';
import type { SubscriptionChangeResult } from './subscription-store.ts';

const NOTHING_ELSE = {
  enabled: null,
  notificationTypes: null,
  device: {},
  sessionCount: null,
  sessionTime: null,
  consent: null,
};

export interface NewToken {
  readonly appId: string;
  readonly subscriptionId: string;
  readonly token: string;
  /** The one that it must have until now; null: any. */
  readonly ofToken: string | null;
}

/** Gives a subscription another token, and leaves all else of it. Fails when it has not `ofToken` any more. */
export function giveToken(
  database: Queryable,
  { appId, subscriptionId, token, ofToken }: NewToken,
  context: { readonly history: History; readonly now: number },
): Promise<SubscriptionChangeResult> {
  return retryTransient(() =>
    changeSubscription(database, appId, subscriptionId, { ...NOTHING_ELSE, token, ofToken }, context),
  );
}
