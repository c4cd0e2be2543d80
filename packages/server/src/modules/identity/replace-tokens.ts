import type { Queryable } from '../../platform/database/database.ts';
import { BY_SYSTEM } from './change-source.ts';
import { giveToken } from './give-token.ts';
import { historyOf } from './history.ts';
import type { UnreachedPlace } from './unreachable-store.ts';

/** A subscription, by the token that its device was reached by, and the one that it is to be reached by. */
export interface ReplacedToken extends UnreachedPlace {
  readonly newToken: string;
}

/** Gives each its new token. Those whose new token another subscription has are returned, and left as they are. */
export async function replaceTokens(
  database: Queryable,
  appId: string,
  replaced: readonly ReplacedToken[],
  now: number,
): Promise<ReplacedToken[]> {
  const results = await Promise.all(
    replaced.map(async (place) => {
      const { subscriptionId, token: ofToken, newToken: token } = place;
      const context = { history: historyOf(BY_SYSTEM, { token }), now };
      const { outcome } = await giveToken(database, { appId, subscriptionId, token, ofToken }, context);
      return outcome === 'token-taken' ? [place] : [];
    }),
  );
  return results.flat();
}
