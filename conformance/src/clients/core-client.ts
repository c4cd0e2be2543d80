import { OneSignalAppClient, OneSignalUserClient } from 'onesignal-api-client-core';
import type { Stage } from '../stage.ts';

class AppClient extends OneSignalAppClient {
  constructor({ url, app, appKey }: Stage) {
    super(app, appKey);
    this.BaseUrl = `${url}/api/v1`;
  }
}

class OrganizationClient extends OneSignalUserClient {
  constructor({ url, organization }: Stage) {
    super(organization?.key ?? '');
    this.BaseUrl = `${url}/api/v1`;
  }
}

/** onesignal-api-client-core, pointed at the stage. */
export function coreClients(stage: Stage): { app: OneSignalAppClient; organization: OneSignalUserClient } {
  return { app: new AppClient(stage), organization: new OrganizationClient(stage) };
}
