import type { Queryable } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { keysOf } from './api-key-store.ts';
import type { ApiKeyRow, KeyOwner } from './api-key-store.ts';
import type { Author } from './audit/author.ts';
import { allowlist } from './ip-allowlist.ts';

/**
 * Behind `lockOrganization`: throws `token-last` when this is the last key of an organization, which
 * must not be deleted. Keys of apps can all go: the organization makes new ones.
 */
export async function refuseToDeleteLast(
  transaction: Queryable,
  owner: KeyOwner,
  { id }: ApiKeyRow,
): Promise<void> {
  if (await isOnlyKey(transaction, owner, id)) {
    throw new ApiError('token-last', { params: { organization_id: owner.organizationId } });
  }
}

/** The same for an allow-list: throws `token-locks-out` when the only key would not work where the caller is. */
export async function refuseToLockCallerOut(
  transaction: Queryable,
  owner: KeyOwner,
  key: ApiKeyRow,
  author: Author,
): Promise<void> {
  if (author.kind === 'system' || key.ip_allowlist_mode === 'disabled') return;
  if (allowlist(key.ip_allowlist)(author.ip) || !(await isOnlyKey(transaction, owner, key.id))) return;
  throw new ApiError('token-locks-out', {
    params: { organization_id: owner.organizationId, ip: author.ip },
  });
}

async function isOnlyKey(transaction: Queryable, owner: KeyOwner, id: string): Promise<boolean> {
  if (owner.appId !== null) return false;
  return (await keysOf(transaction, owner)).every((key) => key.id === id);
}
