import { createHmac, timingSafeEqual } from 'node:crypto';
import { subkey } from './master-keys.ts';
import type { MasterKeys } from './master-keys.ts';

/** Half of SHA-256: out of reach of guessing, and links stay short. */
const MAC_BYTES = 16;

/**
 * Signed, compact, URL-safe tokens for links that come back to us: tracking, unsubscribe. The bytes
 * are readable by whoever holds the token; they cannot be altered, nor used for another purpose.
 */
export class TokenSigner {
  readonly #masters: readonly Uint8Array[];
  readonly #keys = new Map<string, readonly Buffer[]>();

  constructor({ current, previous }: MasterKeys) {
    this.#masters = [current, ...previous];
  }

  /** base64url of the MAC followed by the bytes. `purpose` is a constant of the caller's, such as `click`. */
  sign(purpose: string, bytes: Uint8Array): string {
    const [current] = this.#keysFor(purpose);
    return Buffer.concat([mac(current!, bytes), bytes]).toString('base64url');
  }

  /** The signed bytes, or null when the token is not one of ours for this purpose. */
  verify(purpose: string, token: string): Buffer | null {
    const whole = Buffer.from(token, 'base64url');
    // Node skips what is not base64url: without this, one link would have endless spellings.
    if (whole.length < MAC_BYTES || whole.toString('base64url') !== token) return null;
    const given = whole.subarray(0, MAC_BYTES);
    const bytes = whole.subarray(MAC_BYTES);
    const valid = this.#keysFor(purpose).some((key) => timingSafeEqual(mac(key, bytes), given));
    return valid ? bytes : null;
  }

  /** The first `length` bytes of the MAC alone: for where a token has little room. */
  mark(purpose: string, bytes: Uint8Array, length: number): Buffer {
    const [current] = this.#keysFor(purpose);
    return mac(current!, bytes).subarray(0, length);
  }

  /** Whether `mark` gave this for these bytes. One that is too short says nothing: its length is the caller's to check. */
  isMark(purpose: string, bytes: Uint8Array, given: Uint8Array): boolean {
    const { length } = given;
    return this.#keysFor(purpose).some((key) => timingSafeEqual(mac(key, bytes).subarray(0, length), given));
  }

  #keysFor(purpose: string): readonly Buffer[] {
    let keys = this.#keys.get(purpose);
    if (keys === undefined) {
      keys = this.#masters.map((master) => subkey(master, `token: ${purpose}`));
      this.#keys.set(purpose, keys);
    }
    return keys;
  }
}

function mac(key: Buffer, bytes: Uint8Array): Buffer {
  return createHmac('sha256', key).update(bytes).digest().subarray(0, MAC_BYTES);
}
