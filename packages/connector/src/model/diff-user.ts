import { canonical, digest } from './canonical.ts';
import type { MappedUser } from './map-user.ts';

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
export function userHash({ externalId, properties, subscriptions }: MappedUser): string {
  return digest(canonical(properties), 16) + digest(canonical([externalId, subscriptions]), 16);
}

/** `acknowledged` is the hash that was kept when the destination last said yes; null if it never did. */
export function diffUser(acknowledged: string | null, hash: string): UserChange {
  if (acknowledged === null) return { kind: 'new' };
  const properties = acknowledged.slice(0, 16) !== hash.slice(0, 16);
  const subscriptions = acknowledged.slice(16) !== hash.slice(16);
  return properties || subscriptions ? { kind: 'changed', properties, subscriptions } : { kind: 'none' };
}
