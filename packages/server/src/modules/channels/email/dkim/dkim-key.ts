import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** With which key mails are signed, and where its public half stands. */
export interface DkimSettings {
  /** The domain that answers for the mails (`d=`). */
  readonly domain: string;
  /** Names the key among those of the domain (`s=`). */
  readonly selector: string;
  /** PEM of an RSA or an Ed25519 key. */
  readonly privateKey: string;
}

/** The entry of the DNS in which the world finds the public half. */
export interface DkimRecord {
  readonly name: string;
  readonly type: 'TXT';
  readonly value: string;
}

/** RFC 8301: receivers need not take shorter keys, nor look at longer ones. */
const SHORTEST_RSA = 1_024;
const LONGEST_RSA = 4_096;

/** Null for what is no private key of a kind and length that receivers check (RFC 8301, RFC 8463). */
export function readDkimKey(pem: string): KeyObject | null {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return key.asymmetricKeyType === 'rsa' && bits >= SHORTEST_RSA && bits <= LONGEST_RSA ? key : null;
  } catch {
    return null;
  }
}

/** What to publish before the first mail goes, or receivers find no key (RFC 6376, section 3.6.1). */
export function dkimRecordOf({ domain, selector, privateKey }: DkimSettings): DkimRecord {
  const key = createPublicKey(createPrivateKey(privateKey));
  const publicKey =
    key.asymmetricKeyType === 'ed25519'
      ? // The bare 32 bytes (RFC 8463), which a JWK has as they are.
        Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url')
      : key.export({ format: 'der', type: 'spki' });
  return {
    name: `${selector}._domainkey.${domain}`,
    type: 'TXT',
    value: `v=DKIM1; k=${key.asymmetricKeyType}; p=${publicKey.toString('base64')}`,
  };
}
