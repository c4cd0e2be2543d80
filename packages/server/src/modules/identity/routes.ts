import type { Routes } from '../../platform/http/route.ts';
import { bulkRoute } from './bulk/bulk-route.ts';
import type { Identity } from './identity.ts';
import { subscriptionRoutes } from './subscription-routes.ts';
import { userRoutes } from './user-routes.ts';

/** The API of users, aliases and subscriptions. */
export function identityRoutes({ users, subscriptions, bulk }: Identity): Routes {
  return (http) => {
    userRoutes(users)(http);
    subscriptionRoutes(subscriptions, users)(http);
    bulkRoute(bulk)(http);
  };
}
