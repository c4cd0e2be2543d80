import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { requestJob } from '../../../platform/jobs/request-job.ts';
import { deleteApp as deleteRow, findApp } from '../app-store.ts';
import type { Author } from '../audit/author.ts';
import { recordChange } from '../audit/record-change.ts';
import { lockOrganization } from '../organization-store.ts';
import type { AppEraser } from './app-eraser.ts';
import { insertDeletedApp } from './deleted-app-store.ts';
import type { DeletedAppRow } from './deleted-app-store.ts';
import { erasureDueAt } from './erase-deleted-apps.ts';

/** The job that erases what belonged to deleted apps. */
export const ERASE_JOB = 'erase-deleted-apps';

export interface DeleteAppOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly erasers: readonly AppEraser[];
}

/**
 * Deletes an app: it and its keys are gone with the commit, nothing is sent for it any more, and a job
 * that the same transaction asks for erases the rest. `confirm` must be the app's name. Throws
 * `app-not-found` and `app-delete-unconfirmed`.
 */
export async function deleteApp(
  { database, clock, erasers }: DeleteAppOptions,
  { organizationId, appId, confirm }: { organizationId: string; appId: string; confirm: string | undefined },
  author: Author,
): Promise<DeletedAppRow> {
  const now = clock.now();
  return database.transaction(async (transaction) => {
    await lockOrganization(transaction, organizationId);
    const app = await findApp(transaction, appId);
    if (app === null) throw new ApiError('app-not-found', { params: { app_id: appId } });
    if (confirm !== app.name) throw new ApiError('app-delete-unconfirmed', { params: { app_id: appId } });
    for (const { halt } of erasers) await halt?.(transaction, appId, now);
    await deleteRow(transaction, appId);
    const deleted = await insertDeletedApp(transaction, { id: appId, organizationId, name: app.name, now });
    await recordChange(transaction, now, author, {
      action: 'app.deleted',
      organizationId,
      appId,
      target: { type: 'app', id: appId, name: app.name },
    });
    await requestJob(transaction, { name: ERASE_JOB, key: appId, at: erasureDueAt(now) });
    return deleted;
  });
}
