import type { UpdateAppBody } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { Database, Queryable } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { newId } from '../../platform/ids.ts';
import { settingsIn } from './app-settings.ts';
import type { AppSettings } from './app-settings.ts';
import { findApp, insertApp, updateApp } from './app-store.ts';
import type { AppRow } from './app-store.ts';
import { SYSTEM } from './audit/author.ts';
import type { Author } from './audit/author.ts';
import { recordChange, recordUpdate } from './audit/record-change.ts';
import type { PreparedCredentials } from './push-credentials.ts';
import { lockOrganization } from './organization-store.ts';

/** The organization must exist. Within a transaction of the caller's, so that the app's record is kept with it. */
export async function createApp(
  transaction: Queryable,
  clock: Clock,
  { organizationId, name, settings = {} }: { organizationId: string; name: string; settings?: AppSettings },
  author: Author = SYSTEM,
): Promise<AppRow> {
  const id = newId();
  const now = clock.now();
  const row = await insertApp(transaction, { id, organizationId, name, settings, now });
  await recordChange(transaction, now, author, {
    action: 'app.created',
    organizationId,
    appId: id,
    target: { type: 'app', id, name },
    metadata: { settings: row.settings },
  });
  return row;
}

/** Changes what the body names. Throws `app-not-found` and `app-organization-fixed`. */
export async function changeApp(
  database: Database,
  clock: Clock,
  { organizationId, appId }: { organizationId: string; appId: string },
  { body, credentials }: { readonly body: UpdateAppBody; readonly credentials: PreparedCredentials },
  author: Author,
): Promise<AppRow> {
  if ((body.organization_id?.toLowerCase() ?? organizationId) !== organizationId) {
    throw new ApiError('app-organization-fixed');
  }
  const now = clock.now();
  const row = await database.transaction(async (transaction) => {
    await lockOrganization(transaction, organizationId);
    const before = await findApp(transaction, appId);
    if (before === null) throw new ApiError('app-not-found', { params: { app_id: appId } });
    const settings = settingsIn(body);
    const after = (await updateApp(transaction, { id: appId, name: body.name, settings, now })) ?? before;
    await recordUpdate(transaction, now, author, {
      action: 'app.updated',
      organizationId,
      appId,
      target: { type: 'app', id: appId, name: after.name },
      before: { name: before.name, ...before.settings },
      after: { name: after.name, ...after.settings },
    });
    await credentials.keep(transaction, appId, author);
    return after;
  });
  credentials.kept(appId);
  return row;
}
