import type { Routes } from '../../platform/http/route.ts';
import { bulkRoute } from './bulk/bulk-route.ts';
import type { Identity } from './identity.ts';
import { playerActivityRoutes } from './players/player-activity-routes.ts';
import { playerRoutes } from './players/player-routes.ts';
import { userSearchRoutes } from './search/routes.ts';
import { subscriptionRoutes } from './subscription-routes.ts';
import { userHistoryRoutes } from './user-history-routes.ts';
import { userRoutes } from './user-routes.ts';

/** The API of users, aliases and subscriptions, and of players, which were there before them. */
export function identityRoutes(identity: Identity): Routes {
  const { users, subscriptions, directory, history, players, bulk } = identity;
  return (http) => {
    userRoutes(users)(http);
    bulkRoute(bulk)(http);
    userSearchRoutes(directory)(http);
    userHistoryRoutes(history)(http);
    subscriptionRoutes(subscriptions, users)(http);
    playerRoutes(players)(http);
    playerActivityRoutes(players)(http);
  };
}
