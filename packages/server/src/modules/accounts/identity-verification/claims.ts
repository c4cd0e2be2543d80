import type { JWTPayload } from 'jose';
import type { IdentityToken } from '../../../platform/http/route.ts';

/** What a token says, or which claim is wrong and how. */
export type ReadClaims =
  | { readonly ok: true; readonly token: IdentityToken }
  | { readonly ok: false; readonly detail: string };

/** Reads `identity` and `subscriptions` of a payload whose signature, issuer and times have been checked. */
export function readClaims({ identity, subscriptions }: JWTPayload): ReadClaims {
  const aliases = readIdentity(identity);
  if (aliases === null) {
    return wrong('identity must be an object that names the user, such as {"external_id": "anna-42"}');
  }
  const addresses = readSubscriptions(subscriptions);
  if (addresses === null) {
    return wrong('subscriptions must be a list such as [{"type": "Email", "token": "anna@example.com"}]');
  }
  return { ok: true, token: { identity: aliases, subscriptions: addresses } };
}

function wrong(detail: string): ReadClaims {
  return { ok: false, detail };
}

function readIdentity(given: unknown): IdentityToken['identity'] | null {
  if (!isObject(given)) return null;
  const aliases = Object.entries(given).map(([label, value]) => ({ label, value: aliasText(value) }));
  const named = aliases.filter((alias): alias is { label: string; value: string } => alias.value !== null);
  return named.length === aliases.length && named.length > 0 ? named : null;
}

/** Aliases are text; a backend that has numbers for ids signs numbers. */
function aliasText(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

function readSubscriptions(given: unknown): IdentityToken['subscriptions'] | null {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) return null;
  const read = given.filter(isAddress).map(({ type, token }) => ({ type, token }));
  return read.length === given.length ? read : null;
}

function isAddress(entry: unknown): entry is { type: string; token: string } {
  return isObject(entry) && typeof entry['type'] === 'string' && typeof entry['token'] === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
