import type { Queryable } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import type { IdentityToken } from '../../../platform/http/route.ts';
import { findByAlias } from '../alias-store.ts';
import type { Alias } from '../alias.ts';

/** The user of an identity token, as far as a request needs to know it. */
export interface TokenUser {
  readonly appId: string;
  readonly token: IdentityToken;
  /** Whether the token itself says this. */
  says(alias: Alias): boolean;
  /** Whether a user's id is that of the token's user. Asks the database once. */
  owns(userId: string): Promise<boolean>;
}

export function tokenUser(database: Queryable, appId: string, token: IdentityToken): TokenUser {
  let found: Promise<ReadonlySet<string>> | undefined;
  const find = async () => {
    const places = await Promise.all(
      token.identity.map(({ label, value }) => findByAlias(database, appId, label, [value])),
    );
    return new Set(places.flatMap((map) => [...map.values()].map(({ userId }) => userId)));
  };
  return {
    appId,
    token,
    says: (alias) => token.identity.some((own) => isSame(own, alias)),
    owns: async (userId) => (await (found ??= find())).has(userId),
  };
}

/** A refusal of what goes beyond the token. */
export function beyondToken(field: string, rule: string): ApiError {
  return new ApiError('identity-token-scope', { params: { field, rule } });
}

/** UUIDs come in any case, everything else counts as it is written. */
function isSame(one: Alias, other: Alias): boolean {
  if (one.label !== other.label) return false;
  if (one.label !== 'onesignal_id') return one.value === other.value;
  return one.value.toLowerCase() === other.value.toLowerCase();
}
