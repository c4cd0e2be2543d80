import { canonical, digest } from './canonical.ts';
import { GONE } from './gone-user.ts';
import type { MappedSubscription, MappedUser } from './mapped-user.ts';

/** What of a user differs from what the destination has acknowledged. */
export type UserChange =
  | { readonly kind: 'none' }
  | { readonly kind: 'new' }
  | { readonly kind: 'changed'; readonly properties: boolean; readonly subscriptions: boolean };

/** Under which name a user's hash is kept: 32 hexadecimal digits. What one target knows, another does not. */
export function userDigest(target: string, key: string): string {
  return digest(`user\u0000${target}\u0000${key}`, 32);
}

/** Half for the properties, half for the identity and the subscriptions: 32 hexadecimal digits. */
export function userHash({
  externalId,
  aliases,
  properties,
  subscriptions,
  replaces = [],
}: MappedUser): string {
  const names = Object.keys(aliases).length > 0 || replaces.length > 0 ? [{ aliases, replaces }] : [];
  const identity = [externalId, subscriptions.map(saidOf), ...names];
  return digest(canonical(properties), 16) + digest(canonical(identity), 16);
}

/**
 * A yes that is repeated later counts: it may undo a no that nobody told us of. When a no was said does
 * not: what we write back ourselves would come round as a change.
 */
function saidOf({ type, token, enabled, consentAt = null }: MappedSubscription) {
  return { type, token, enabled, ...(enabled && consentAt !== null ? { consentAt } : {}) };
}

/** `acknowledged` is the hash that was kept when the destination last said yes; null if it never did. */
export function diffUser(acknowledged: string | null, hash: string): UserChange {
  if (acknowledged === null || acknowledged === GONE) return { kind: 'new' };
  const properties = acknowledged.slice(0, 16) !== hash.slice(0, 16);
  const subscriptions = acknowledged.slice(16) !== hash.slice(16);
  return properties || subscriptions ? { kind: 'changed', properties, subscriptions } : { kind: 'none' };
}
