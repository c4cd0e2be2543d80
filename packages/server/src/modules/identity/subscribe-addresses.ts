import type { SubscriptionType } from '@carillon/wire';
import { isUniqueViolation } from '../../platform/database/retry.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import type { BeginWrite } from './begin-write.ts';
import { encodeNewUsers } from './bulk/encode-new-users.ts';
import { makeNewUsers } from './bulk/new-user.ts';
import { ALONE, copyNewUsers } from './bulk/new-users-store.ts';
import type { ChangeSource } from './change-source.ts';
import type { SubscriptionPlace } from './recipient.ts';
import { findByTokens } from './token-place-store.ts';
import { parseCreateUser } from './user-write.ts';

/** In one transaction, at most. */
const LARGEST_BATCH = 2_000;
/** Somebody else subscribes some of them between the look and the writing, again and again. */
const ATTEMPTS = 10;

export interface SubscribeOptions {
  readonly appId: string;
  readonly type: SubscriptionType;
  /** As `parseToken` spells them. */
  readonly tokens: readonly string[];
  readonly source: ChangeSource;
}

/**
 * The subscriptions that have these addresses, by address; who has none yet becomes an anonymous user with one
 * that is on. Nothing changes where an address is known: nobody loses it, and who is off stays off.
 */
export async function subscribeAddresses(
  { database, begin }: { readonly database: Database; readonly begin: BeginWrite },
  { appId, type, tokens, source }: SubscribeOptions,
): Promise<Map<string, SubscriptionPlace>> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const known = await findByTokens(database, appId, type, tokens);
    const unknown = tokens.filter((token) => !known.has(token));
    if (unknown.length === 0) return known;
    const context = await begin(appId, source);
    const writes = unknown
      .slice(0, LARGEST_BATCH)
      .map((token) => parseCreateUser(appId, { subscriptions: [{ type, token }] }, context));
    try {
      await copyNewUsers(database, encodeNewUsers(makeNewUsers(writes, context.now), context.now), ALONE);
      if (unknown.length > LARGEST_BATCH) attempt -= 1;
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
  }
  throw new ApiError('unavailable', { retryAfter: 1 });
}
