import { createECDH, createHash } from 'node:crypto';
import type { ECDH } from 'node:crypto';

/** The key pair of P-256 that a secret stands for: always the same one. */
export function derivePair(secret: Buffer): ECDH {
  const pair = createECDH('prime256v1');
  for (let attempt = 0; ; attempt += 1) {
    try {
      pair.setPrivateKey(
        createHash('sha256')
          .update(secret)
          .update(Buffer.from([attempt]))
          .digest(),
      );
      return pair;
    } catch {
      // One number in four billions is above the order of the curve: the next one is tried.
    }
  }
}
