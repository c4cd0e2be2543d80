import type { UpdateApiKeyBody } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { Database, Queryable } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { deleteKey, findKey, replaceKeySecret, updateKey } from './api-key-store.ts';
import type { ApiKeyRow, KeyOwner } from './api-key-store.ts';
import { SYSTEM } from './audit/author.ts';
import type { Author } from './audit/author.ts';
import { recordChange, recordUpdate } from './audit/record-change.ts';
import { checkAllowlist } from './check-allowlist.ts';
import { keyChange } from './key-change.ts';
import { lockOrganization } from './organization-store.ts';
import { refuseToDeleteLast, refuseToLockCallerOut } from './refuse-lockout.ts';
import { hashSecret, newSecret } from './secret.ts';

/** Changes what the body names. Throws `token-not-found`, `token-locks-out` or `request-invalid`. */
export async function updateApiKey(
  database: Database,
  clock: Clock,
  owner: KeyOwner,
  id: string,
  { name, ip_allowlist_mode: mode, ip_allowlist: ranges }: UpdateApiKeyBody,
  author: Author = SYSTEM,
): Promise<void> {
  const now = clock.now();
  await changeKey(database, owner, id, async (transaction, before) => {
    const after = (await updateKey(transaction, owner, { id, name, mode, ranges, now })) ?? before;
    checkAllowlist(after.ip_allowlist_mode, after.ip_allowlist);
    await refuseToLockCallerOut(transaction, owner, after, author);
    const change = keyChange('api_key.updated', owner, after);
    await recordUpdate(transaction, now, author, {
      ...change,
      before: settingsOf(before),
      after: settingsOf(after),
    });
  });
}

/** Gives a key a new secret; the old one stops working. Throws `token-not-found`. */
export async function rotateApiKey(
  database: Database,
  clock: Clock,
  owner: KeyOwner,
  id: string,
  author: Author = SYSTEM,
): Promise<string> {
  const secret = newSecret(owner.appId === null ? 'org' : 'app');
  const now = clock.now();
  await changeKey(database, owner, id, async (transaction, key) => {
    await replaceKeySecret(transaction, owner, { id, hash: hashSecret(secret), now });
    await recordChange(transaction, now, author, keyChange('api_key.rotated', owner, key));
  });
  return secret;
}

/** Throws `token-not-found`, and `token-last` for the only key of an organization. */
export async function deleteApiKey(
  database: Database,
  clock: Clock,
  owner: KeyOwner,
  id: string,
  author: Author = SYSTEM,
): Promise<void> {
  await changeKey(database, owner, id, async (transaction, key) => {
    await refuseToDeleteLast(transaction, owner, key);
    // First, while the key has a name: it may be deleting itself.
    await recordChange(transaction, clock.now(), author, keyChange('api_key.deleted', owner, key));
    await deleteKey(transaction, owner, id);
  });
}

/** Changes of one organization's keys take turns, so that what is found holds until the commit. */
async function changeKey(
  database: Database,
  owner: KeyOwner,
  id: string,
  change: (transaction: Queryable, key: ApiKeyRow) => Promise<void>,
): Promise<void> {
  await database.transaction(async (transaction) => {
    await lockOrganization(transaction, owner.organizationId);
    const key = await findKey(transaction, owner, id);
    if (key === null) throw new ApiError('token-not-found');
    await change(transaction, key);
  });
}

function settingsOf({ name, ip_allowlist_mode, ip_allowlist }: ApiKeyRow) {
  return { name, ip_allowlist_mode, ip_allowlist };
}
