import type { CreateApiKeyBody, CreatedApiKey, UpdateApiKeyBody } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { Database, Queryable } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { newId } from '../../platform/ids.ts';
import { deleteKey, insertApiKey, keysOf, replaceKeySecret, updateKey } from './api-key-store.ts';
import type { ApiKeyRow, KeyOwner } from './api-key-store.ts';
import { isAddressRange } from './ip-allowlist.ts';
import { lockOrganization } from './organization-store.ts';
import { hashSecret, newSecret } from './secret.ts';

/** Of one app, and of one organization apart from its apps. */
const MOST_KEYS = 16;

/**
 * Makes a key and tells its secret, this once. Throws `organization-not-found`, `token-limit` or
 * `request-invalid` (an allow-list that is no list of address ranges).
 */
export async function createApiKey(
  database: Database,
  clock: Clock,
  owner: KeyOwner,
  body: CreateApiKeyBody,
): Promise<CreatedApiKey> {
  return database.transaction((transaction) => addApiKey(transaction, clock, owner, body));
}

/** The same within a transaction of the caller's. */
export async function addApiKey(
  transaction: Queryable,
  clock: Clock,
  owner: KeyOwner,
  { name, ip_allowlist_mode: mode = 'disabled', ip_allowlist: ranges = [] }: CreateApiKeyBody,
): Promise<CreatedApiKey> {
  checkAllowlist(mode, ranges);
  // Counting and adding must not race: two requests could both see room for one more.
  if (!(await lockOrganization(transaction, owner.organizationId)))
    throw new ApiError('organization-not-found');
  if ((await keysOf(transaction, owner)).length >= MOST_KEYS) {
    throw new ApiError('token-limit', { params: { limit: MOST_KEYS } });
  }
  const id = newId();
  const secret = newSecret(owner.appId === null ? 'org' : 'app');
  await insertApiKey(transaction, owner, {
    id,
    name,
    hash: hashSecret(secret),
    mode,
    ranges,
    now: clock.now(),
  });
  return { token_id: id, formatted_token: secret };
}

/** Changes what the body names. Throws `token-not-found` or `request-invalid`. */
export async function updateApiKey(
  database: Database,
  clock: Clock,
  owner: KeyOwner,
  id: string,
  { name, ip_allowlist_mode: mode, ip_allowlist: ranges }: UpdateApiKeyBody,
): Promise<void> {
  await database.transaction(async (transaction) => {
    const row: ApiKeyRow | null = await updateKey(transaction, owner, {
      id,
      name,
      mode,
      ranges,
      now: clock.now(),
    });
    if (row === null) throw new ApiError('token-not-found');
    checkAllowlist(row.ip_allowlist_mode, row.ip_allowlist);
  });
}

/** Gives a key a new secret; the old one stops working. Throws `token-not-found`. */
export async function rotateApiKey(
  database: Database,
  clock: Clock,
  owner: KeyOwner,
  id: string,
): Promise<string> {
  const secret = newSecret(owner.appId === null ? 'org' : 'app');
  const replaced = await replaceKeySecret(database, owner, {
    id,
    hash: hashSecret(secret),
    now: clock.now(),
  });
  if (!replaced) throw new ApiError('token-not-found');
  return secret;
}

/** Throws `token-not-found`. */
export async function deleteApiKey(database: Database, owner: KeyOwner, id: string): Promise<void> {
  if (!(await deleteKey(database, owner, id))) throw new ApiError('token-not-found');
}

function checkAllowlist(mode: 'disabled' | 'explicit', ranges: readonly string[]): void {
  const wrong = ranges.findIndex((range) => !isAddressRange(range));
  if (wrong !== -1) {
    throw new ApiError('request-invalid', {
      params: { field: `ip_allowlist[${wrong}]`, rule: 'must be an address range such as 192.0.2.0/24' },
    });
  }
  if (mode === 'explicit' && ranges.length === 0) {
    throw new ApiError('request-invalid', {
      params: {
        field: 'ip_allowlist',
        rule: 'must have at least one entry when ip_allowlist_mode is explicit',
      },
    });
  }
}
