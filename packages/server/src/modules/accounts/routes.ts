import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Routes } from '../../platform/http/route.ts';
import { appRoutes } from './app-routes.ts';
import type { CountSubscriptions } from './app-routes.ts';
import type { AccountsAuthenticator } from './authenticator.ts';
import { keyRoutes } from './key-routes.ts';

/** Apps and their keys. Without `count`, apps say that they have no subscriptions. */
export function accountsRoutes(
  database: Database,
  clock: Clock,
  authenticator: AccountsAuthenticator,
  count: CountSubscriptions = async () => new Map(),
): Routes {
  return (http) => {
    appRoutes(database, clock, count)(http);
    keyRoutes(database, clock, () => authenticator.forgetKeys())(http);
  };
}
