/** What an Authorization header holds. */
export type Authorization =
  | { readonly kind: 'none' }
  | { readonly kind: 'key'; readonly secret: string }
  /** An identity token of a device SDK, not a key of ours. */
  | { readonly kind: 'jwt'; readonly jwt: string };

/**
 * Reads `Key <key>`, `Basic <key>` and `Bearer <key>`, the scheme in any case, the key with or without
 * double quotes. Clients that have no key send the scheme alone, which is no credential.
 */
export function readAuthorization(header: string | undefined): Authorization {
  const match = /^(key|basic|bearer)(?:\s+(.*))?$/is.exec(header?.trim() ?? '');
  if (match === null) return { kind: 'none' };
  const secret = (match[2] ?? '').trim().replace(/^"(.*)"$/s, '$1');
  if (secret === '') return { kind: 'none' };
  if (/^[\w-]+\.[\w-]+\.[\w-]*$/.test(secret)) return { kind: 'jwt', jwt: secret };
  return { kind: 'key', secret };
}
