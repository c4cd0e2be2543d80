import type { Routes } from '../../platform/http/route.ts';
import type { Identity } from './identity.ts';
import { userHistoryRoutes } from './user-history-routes.ts';
import { userSearchRoutes } from './search/routes.ts';
import { subscriptionRoutes } from './subscription-routes.ts';
import { userRoutes } from './user-routes.ts';

/** The API of users, aliases and subscriptions. */
export function identityRoutes({ users, subscriptions, directory, history }: Identity): Routes {
  return (http) => {
    userRoutes(users)(http);
    userSearchRoutes(directory)(http);
    userHistoryRoutes(history)(http);
    subscriptionRoutes(subscriptions, users)(http);
  };
}
