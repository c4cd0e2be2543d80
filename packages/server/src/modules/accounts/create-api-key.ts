import type { CreateApiKeyBody, CreatedApiKey } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { Database, Queryable } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { newId } from '../../platform/ids.ts';
import { insertApiKey, keysOf } from './api-key-store.ts';
import type { KeyOwner } from './api-key-store.ts';
import { SYSTEM } from './audit/author.ts';
import type { Author } from './audit/author.ts';
import { recordChange } from './audit/record-change.ts';
import { checkAllowlist } from './check-allowlist.ts';
import { keyChange } from './key-change.ts';
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
  author: Author = SYSTEM,
): Promise<CreatedApiKey> {
  return database.transaction((transaction) => addApiKey(transaction, clock, owner, body, author));
}

/** The same within a transaction of the caller's. */
export async function addApiKey(
  transaction: Queryable,
  clock: Clock,
  owner: KeyOwner,
  { name, ip_allowlist_mode: mode = 'disabled', ip_allowlist: ranges = [] }: CreateApiKeyBody,
  author: Author = SYSTEM,
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
  const now = clock.now();
  await insertApiKey(transaction, owner, { id, name, hash: hashSecret(secret), mode, ranges, now });
  const metadata = { ip_allowlist_mode: mode, ip_allowlist: ranges };
  await recordChange(transaction, now, author, {
    ...keyChange('api_key.created', owner, { id, name }),
    metadata,
  });
  return { token_id: id, formatted_token: secret };
}
