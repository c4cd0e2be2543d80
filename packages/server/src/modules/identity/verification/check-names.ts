import type { IdentityInput } from '@carillon/wire';
import type { Queryable } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { findByAlias } from '../alias-store.ts';
import { ALIAS_LIMIT } from '../alias.ts';
import type { Alias } from '../alias.ts';
import { beyondToken } from './token-user.ts';
import type { TokenUser } from './token-user.ts';

/** With external_id and onesignal_id. */
const MOST_NAMES = ALIAS_LIMIT + 2;

/**
 * Each name must be one of the token's user. A onesignal_id that nobody has is let through: it tells
 * nothing, and a device that hears 404 makes its user again.
 */
export async function checkNames(database: Queryable, user: TokenUser, names: readonly Alias[]) {
  const others = names.filter((name) => !user.says(name));
  for (const label of new Set(others.map((name) => name.label))) {
    const values = others.filter((name) => name.label === label).map(({ value }) => value);
    const found = await findByAlias(database, user.appId, label, [...new Set(values)]);
    for (const value of values) {
      const userId = found.get(value)?.userId;
      if (userId === undefined && label === 'onesignal_id') continue;
      if (userId !== undefined && (await user.owns(userId))) continue;
      throw beyondToken(label, `"${value}" is not the user that its identity names`);
    }
  }
}

/** A user is created, or found, under the names that the token was signed for. */
export function checkCreated(user: TokenUser, identity: IdentityInput): void {
  for (const { label, value } of user.token.identity) {
    if (user.says({ label, value: String(identity[label] ?? '') })) continue;
    throw beyondToken(`identity.${label}`, `must be "${value}", as in its identity`);
  }
}

/**
 * Aliases that the user is to have: not other ones than the token says, no external_id that it does not
 * say (whoever takes a name first would get the messages of the person it is of), and none of somebody
 * else's. Throws ApiError `identity-token-scope`, or `user-2` as without a token.
 */
export async function checkGiven(database: Queryable, user: TokenUser, identity: IdentityInput) {
  // Each costs a question to the database, and more than a user can have is refused in the end anyway.
  if (Object.keys(identity).length > MOST_NAMES) {
    throw new ApiError('alias-limit', { params: { limit: ALIAS_LIMIT } });
  }
  for (const [label, given] of Object.entries(identity)) {
    const value = String(given);
    if (user.says({ label, value })) continue;
    const signed = user.token.identity.find((own) => own.label === label);
    if (signed !== undefined) {
      throw beyondToken(`identity.${label}`, `must be "${signed.value}", as in its identity`);
    }
    const [owner] = (await findByAlias(database, user.appId, label, [value])).values();
    if (owner !== undefined && (await user.owns(owner.userId))) continue;
    if (label === 'onesignal_id') {
      if (owner === undefined) continue;
      throw beyondToken('identity.onesignal_id', `"${value}" is not the user that its identity names`);
    }
    if (owner !== undefined) {
      const taken = { [label]: value };
      throw new ApiError('user-2', { meta: { ...taken, conflicting_aliases: taken } });
    }
    if (label === 'external_id') {
      throw beyondToken('identity.external_id', 'must be in its identity: sign it with this external_id');
    }
  }
}
