import { createECDH, createPrivateKey } from 'node:crypto';
import type { ECDH, KeyObject } from 'node:crypto';
import type { TokenSigner } from '../../../../platform/crypto/index.ts';
import { derivePair } from './derive-pair.ts';

/** By what push services know who sends (RFC 8292): a key pair of P-256, both halves as base64url. */
export interface VapidKeys {
  /** Uncompressed, 65 bytes: what browsers subscribe with as `applicationServerKey`. */
  readonly publicKey: string;
  /** 32 bytes. */
  readonly privateKey: string;
}

const CURVE = 'prime256v1';
const PRIVATE_BYTES = 32;
const PUBLIC_BYTES = 65;

export function makeVapidKeys(): VapidKeys {
  const pair = createECDH(CURVE);
  pair.generateKeys();
  return keysOf(pair);
}

/** The pair of an app that has set none: the same one in every process, as long as the server's keys stay. */
export function vapidKeysOf(signer: TokenSigner, appId: string): VapidKeys {
  return keysOf(derivePair(Buffer.from(signer.sign('vapid keys of an app', Buffer.from(appId)))));
}

function keysOf(pair: ECDH): VapidKeys {
  return {
    publicKey: pair.getPublicKey('base64url'),
    // Of a small number, the leading zeros are left out.
    privateKey: Buffer.concat([Buffer.alloc(PRIVATE_BYTES), pair.getPrivateKey()])
      .subarray(-PRIVATE_BYTES)
      .toString('base64url'),
  };
}

/** The public key that belongs to a private one, or null when that is no private key. Takes base64 of either alphabet. */
export function publicKeyOf(privateKey: string): string | null {
  const bytes = Buffer.from(privateKey, 'base64');
  if (bytes.length !== PRIVATE_BYTES) return null;
  const pair = createECDH(CURVE);
  try {
    pair.setPrivateKey(bytes);
  } catch {
    // Zero, or not below the order of the curve.
    return null;
  }
  return pair.getPublicKey('base64url');
}

/** The same key as base64url without padding, as browsers and push services take it. */
export function asBase64Url(key: string): string {
  return Buffer.from(key, 'base64').toString('base64url');
}

/** For signing. The pair must be one. */
export function signingKey({ publicKey, privateKey }: VapidKeys): KeyObject {
  const point = Buffer.from(publicKey, 'base64url');
  return createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 1 + PRIVATE_BYTES).toString('base64url'),
      y: point.subarray(1 + PRIVATE_BYTES, PUBLIC_BYTES).toString('base64url'),
      d: privateKey,
    },
  });
}
