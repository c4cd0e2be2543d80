import { createDecipheriv, createHmac } from 'node:crypto';
import type { ECDH } from 'node:crypto';

/** The keys that a browser keeps to itself. */
export interface ReaderKeys {
  readonly pair: ECDH;
  readonly auth: Buffer;
}

const SALT_BYTES = 16;
const TAG_BYTES = 16;
const KEY_AT = SALT_BYTES + 4 + 1;
const KEY_BYTES = 65;
/** Ends the last record; zeros may follow it. */
const DELIMITER = 2;

/** Reads an `aes128gcm` body of one record as a browser does (RFC 8291). Throws when it is not for these keys. */
export function decryptMessage(body: Buffer, { pair, auth }: ReaderKeys): Buffer {
  if (body.length < KEY_AT + KEY_BYTES + TAG_BYTES + 1 || body[KEY_AT - 1] !== KEY_BYTES) {
    throw new Error('the body is no aes128gcm with a P-256 key in its header');
  }
  const salt = body.subarray(0, SALT_BYTES);
  const theirs = body.subarray(KEY_AT, KEY_AT + KEY_BYTES);
  const sealed = body.subarray(KEY_AT + KEY_BYTES);
  if (sealed.length > body.readUInt32BE(SALT_BYTES)) throw new Error('the body has more than one record');
  const shared = expand(hmac(auth, pair.computeSecret(theirs)), 'WebPush: info\u0000', [
    pair.getPublicKey(),
    theirs,
  ]);
  const key = hmac(salt, shared);
  const contentKey = expand(key, 'Content-Encoding: aes128gcm\u0000').subarray(0, 16);
  const nonce = expand(key, 'Content-Encoding: nonce\u0000').subarray(0, 12);
  const decipher = createDecipheriv('aes-128-gcm', contentKey, nonce);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const padded = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
  const end = padded.lastIndexOf(DELIMITER);
  if (end === -1 || padded.subarray(end + 1).some((byte) => byte !== 0)) {
    throw new Error('the record does not end as the last one does');
  }
  return padded.subarray(0, end);
}

/** The first block of HKDF's second step (RFC 5869). */
function expand(key: Buffer, info: string, more: readonly Buffer[] = []): Buffer {
  return hmac(key, Buffer.concat([Buffer.from(info), ...more, Buffer.from([1])]));
}

function hmac(key: Buffer, text: Buffer): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
