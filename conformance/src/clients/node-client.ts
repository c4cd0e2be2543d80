import { Client, UserClient } from 'onesignal-node';
import type { Stage } from '../stage.ts';

/** onesignal-node, pointed at the stage. */
export function nodeClients({ url, app, appKey, organization }: Stage): {
  app: Client;
  organization: UserClient;
} {
  // With the slash that the client promises to take away.
  const apiRoot = `${url}/api/v1/`;
  return {
    app: new Client(app, appKey, { apiRoot }),
    organization: new UserClient(organization?.key ?? '', { apiRoot }),
  };
}
