import { createPrivateKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ConfigInvalid } from '../../config/config-invalid.ts';

/** A private key in PEM. Line breaks written as `\n`, as environments have them, are taken. */
export function privateKeyOf(field: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem.replaceAll(String.raw`\n`, '\n'));
  } catch (error) {
    throw new ConfigInvalid(
      field,
      `is a private key in PEM (${error instanceof Error ? error.message : ''})`,
    );
  }
}

/** Claims signed by RS256. */
export function signedJwt(
  key: KeyObject,
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
): string {
  const text = `${part({ alg: 'RS256', typ: 'JWT', ...header })}.${part(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
