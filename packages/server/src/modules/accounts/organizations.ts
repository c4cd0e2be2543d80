import type { UpdateOrganizationBody } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { Database, Queryable } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { newId } from '../../platform/ids.ts';
import { SYSTEM } from './audit/author.ts';
import type { Author } from './audit/author.ts';
import { recordChange, recordUpdate } from './audit/record-change.ts';
import {
  findOrganization,
  insertOrganization,
  lockOrganization,
  renameOrganization,
} from './organization-store.ts';
import type { OrganizationRow } from './organization-store.ts';

/** Returns the id of the new organization. Within a transaction of the caller's, so that its record is kept with it. */
export async function createOrganization(
  transaction: Queryable,
  clock: Clock,
  { name }: { name: string },
  author: Author = SYSTEM,
): Promise<string> {
  const id = newId();
  const now = clock.now();
  await insertOrganization(transaction, { id, name, now });
  await recordChange(transaction, now, author, {
    action: 'organization.created',
    organizationId: id,
    appId: null,
    target: { type: 'organization', id, name },
  });
  return id;
}

/** Throws `organization-not-found`. */
export async function viewOrganization(database: Database, id: string): Promise<OrganizationRow> {
  const found = await findOrganization(database, id);
  if (found === null) throw new ApiError('organization-not-found');
  return found;
}

/** Changes what the body names. Throws `organization-not-found`. */
export async function updateOrganization(
  database: Database,
  clock: Clock,
  id: string,
  { name }: UpdateOrganizationBody,
  author: Author,
): Promise<OrganizationRow> {
  const now = clock.now();
  return database.transaction(async (transaction) => {
    await lockOrganization(transaction, id);
    const before = await findOrganization(transaction, id);
    if (before === null) throw new ApiError('organization-not-found');
    if (name === undefined) return before;
    const after = (await renameOrganization(transaction, { id, name, now })) ?? before;
    await recordUpdate(transaction, now, author, {
      action: 'organization.updated',
      organizationId: id,
      appId: null,
      target: { type: 'organization', id, name },
      before: { name: before.name },
      after: { name: after.name },
    });
    return after;
  });
}
