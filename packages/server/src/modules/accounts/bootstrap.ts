import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import { createApp } from './apps.ts';
import { addApiKey } from './create-api-key.ts';
import { isEmpty } from './organization-store.ts';
import { createOrganization } from './organizations.ts';

/** The first organization and app. The keys are told here and never again. */
export interface FirstAccount {
  readonly organizationId: string;
  readonly appId: string;
  readonly organizationKey: string;
  readonly appKey: string;
}

/**
 * Makes an organization, an app and a key for each when the database has none; null when it has.
 * Processes that start together make one. `keep` is called before the commit, so that the keys are
 * kept before they exist: a process that dies in between makes new ones at its next start.
 */
export async function bootstrap(
  database: Database,
  clock: Clock,
  keep: (account: FirstAccount) => Promise<void> = () => Promise.resolve(),
): Promise<FirstAccount | null> {
  return database.transaction(async (transaction) => {
    if (!(await isEmpty(transaction))) return null;
    const organizationId = await createOrganization(transaction, clock, { name: 'My company' });
    const { id: appId } = await createApp(transaction, clock, { organizationId, name: 'My app' });
    const name = 'First key';
    const ofOrganization = await addApiKey(transaction, clock, { organizationId, appId: null }, { name });
    const ofApp = await addApiKey(transaction, clock, { organizationId, appId }, { name });
    const account = {
      organizationId,
      appId,
      organizationKey: ofOrganization.formatted_token,
      appKey: ofApp.formatted_token,
    };
    await keep(account);
    return account;
  });
}
