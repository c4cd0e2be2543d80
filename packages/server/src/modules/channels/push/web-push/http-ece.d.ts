/** The part that the tests use of http_ece, which has no types. */
declare module 'http_ece' {
  import type { ECDH } from 'node:crypto';

  export function decrypt(
    body: Buffer,
    params: { version: 'aes128gcm'; privateKey: ECDH; authSecret: Buffer },
  ): Buffer;

  export function encrypt(
    message: Buffer,
    params: {
      version: 'aes128gcm';
      privateKey: ECDH;
      /** The reader's, base64url. */
      dh: string;
      authSecret: Buffer;
      rs?: number;
      pad?: number;
    },
  ): Buffer;
}
