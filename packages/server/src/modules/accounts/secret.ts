import { createHash, randomBytes } from 'node:crypto';

/** RFC 4648 without padding, in lower case: nothing in it needs quoting anywhere. */
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** A new secret of 256 random bits, named after what it opens. */
export function newSecret(opens: 'app' | 'org'): string {
  return `os_v2_${opens}_${base32(randomBytes(32))}`;
}

/** What is stored of a secret. A slow hash would add nothing to 256 random bits. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function base32(bytes: Buffer): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32[(value >> bits) & 31];
    }
  }
  return bits > 0 ? text + BASE32[(value << (5 - bits)) & 31] : text;
}
