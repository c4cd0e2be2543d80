import type { Addressee } from '../../channel.ts';
import { Unsendable } from './unsendable.ts';

/** What a browser hands out with a subscription, so that only it can read what is sent there (RFC 8291). */
export interface SubscriberKeys {
  /** A point of P-256, uncompressed: 65 bytes. */
  readonly publicKey: Buffer;
  /** 16 bytes that browser and sender share. */
  readonly auth: Buffer;
}

const POINT_BYTES = 65;
const UNCOMPRESSED = 4;
const AUTH_BYTES = 16;

/** Reads `web_p256` and `web_auth`, base64 of either alphabet. Throws Unsendable when they cannot be keys. */
export function readSubscriberKeys(device: Addressee['device']): SubscriberKeys {
  const publicKey = decode(device, 'web_p256');
  if (publicKey.length !== POINT_BYTES || publicKey[0] !== UNCOMPRESSED) {
    throw new Unsendable('web_p256 of the subscription is not an uncompressed P-256 public key in base64');
  }
  const auth = decode(device, 'web_auth');
  if (auth.length !== AUTH_BYTES) {
    throw new Unsendable(`web_auth of the subscription is not ${AUTH_BYTES} bytes in base64`);
  }
  return { publicKey, auth };
}

function decode(device: Addressee['device'], name: 'web_p256' | 'web_auth'): Buffer {
  const text = device?.[name];
  if (typeof text !== 'string' || text === '') {
    throw new Unsendable(`the subscription has no ${name}: its browser must send it anew`);
  }
  // Reads both alphabets, with and without padding.
  return Buffer.from(text, 'base64');
}
