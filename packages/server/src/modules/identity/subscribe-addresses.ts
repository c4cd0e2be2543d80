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

interface Ways {
  readonly database: Database;
  readonly begin: BeginWrite;
}

export interface SubscribeOptions {
  readonly appId: string;
  readonly type: Extract<SubscriptionType, 'Email' | 'SMS'>;
  /** As `parseToken` spells them. */
  readonly tokens: readonly string[];
  readonly source: ChangeSource;
}

/**
 * The subscriptions that have these addresses, by address; who has none yet becomes an anonymous user with one
 * that is on. Nothing changes where an address is known: nobody loses it, and who is off stays off.
 */
export async function subscribeAddresses(
  ways: Ways,
  { tokens, ...options }: SubscribeOptions,
): Promise<Map<string, SubscriptionPlace>> {
  const places = new Map<string, SubscriptionPlace>();
  for (let from = 0; from < tokens.length; from += LARGEST_BATCH) {
    const batch = { ...options, tokens: tokens.slice(from, from + LARGEST_BATCH) };
    for (const [token, place] of await subscribeBatch(ways, batch)) places.set(token, place);
  }
  return places;
}

async function subscribeBatch(
  { database, begin }: Ways,
  { appId, type, tokens, source }: SubscribeOptions,
): Promise<Map<string, SubscriptionPlace>> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const known = await findByTokens(database, appId, type, tokens);
    const unknown = tokens.filter((token) => !known.has(token));
    if (unknown.length === 0) return known;
    const context = await begin(appId, source);
    const writes = unknown.map((token) =>
      parseCreateUser(appId, { subscriptions: [{ type, token }] }, context),
    );
    try {
      const made = makeNewUsers(writes, context.now);
      const rows = encodeNewUsers(made, context.now);
      await copyNewUsers(database, { made, rows, now: context.now }, ALONE);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
  }
  throw new ApiError('unavailable', { retryAfter: 1 });
}
