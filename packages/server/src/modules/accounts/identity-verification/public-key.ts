import { createPublicKey } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { ApiError } from '../../../platform/http/api-error.ts';

/** A point on the curve P-256, base64url. */
export interface PublicJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

export interface PublicKey {
  readonly jwk: PublicJwk;
  /** RFC 7638: the same key has the same id everywhere. */
  readonly kid: string;
}

/**
 * Reads a P-256 public key from PEM text (SubjectPublicKeyInfo) or from a JWK. Throws ApiError
 * `request-invalid`; in particular for a private key, which must not leave the backend that signs.
 */
export async function readPublicKey(given: unknown): Promise<PublicKey> {
  if (typeof given === 'string') return publicKeyOf(readPem(given));
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return refuse(FORMS);
  return readJwk(given as Record<string, unknown>);
}

export async function publicKeyOf(key: KeyObject): Promise<PublicKey> {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType !== 'ec' || curve !== 'prime256v1') {
    const found = curve === undefined ? key.asymmetricKeyType : `${key.asymmetricKeyType}, ${curve}`;
    return refuse(`must be a key of the curve P-256, because tokens are signed with ES256, not ${found}`);
  }
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const jwk = { kty: 'EC', crv: 'P-256', x, y } as const;
  return { jwk, kid: await calculateJwkThumbprint(jwk) };
}

export function keyObjectOf(jwk: PublicJwk): KeyObject {
  return createPublicKey({ key: jwk as unknown as JsonWebKey, format: 'jwk' });
}

export function pemOf(jwk: PublicJwk): string {
  return keyObjectOf(jwk).export({ type: 'spki', format: 'pem' }).toString();
}

const FORMS = 'must be PEM text that begins with -----BEGIN PUBLIC KEY-----, or a JWK';
const PRIVATE =
  'is a private key, which must stay where tokens are signed. Make a new pair and send its public half';

function readPem(text: string): KeyObject {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return refuse(PRIVATE);
  // Node would also take a certificate, and the public half out of a private key.
  if (!/^\s*-----BEGIN PUBLIC KEY-----/.test(text)) return refuse(FORMS);
  try {
    return createPublicKey(text.trim());
  } catch (error) {
    return refuse('is PEM text that holds no readable public key', error);
  }
}

async function readJwk(jwk: Readonly<Record<string, unknown>>): Promise<PublicKey> {
  if ('d' in jwk || jwk['kty'] === 'oct') return refuse(PRIVATE);
  const key = await publicKeyOf(importJwk(jwk));
  if (jwk['kid'] !== undefined && jwk['kid'] !== key.kid) {
    return refuse(
      `has a kid of its own, and here the kid is the key's RFC 7638 thumbprint: leave kid out, and sign with the kid ${key.kid} or with none`,
    );
  }
  return key;
}

function importJwk(jwk: Readonly<Record<string, unknown>>): KeyObject {
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch (error) {
    return refuse('is a JWK that holds no readable public key', error);
  }
}

function refuse(rule: string, cause?: unknown): never {
  throw new ApiError('request-invalid', { params: { field: 'public_key', rule }, cause });
}
