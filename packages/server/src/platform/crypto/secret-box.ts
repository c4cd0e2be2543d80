import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { keyId, subkey } from './master-keys.ts';
import type { MasterKeys } from './master-keys.ts';

/** version (1) | key id (4) | nonce (12) | ciphertext | tag (16) */
const VERSION = 1;
const NONCE_AT = 5;
const TEXT_AT = 17;
const TAG_BYTES = 16;

/** Where a secret belongs. A box moved to another place does not open. */
export interface Place {
  readonly appId: string;
  readonly channel: string;
}

/** AES-256-GCM for provider credentials at rest. Text in, bytes out. */
export class SecretBox {
  readonly #current: { readonly id: Buffer; readonly key: Buffer };
  readonly #keys: readonly { readonly id: Buffer; readonly key: Buffer }[];

  constructor(masters: MasterKeys) {
    const [current, ...previous] = [masters.current, ...masters.previous].map((master) => {
      const key = subkey(master, 'provider credentials');
      return { id: keyId(key), key };
    });
    this.#current = current!;
    this.#keys = [this.#current, ...previous];
  }

  seal(text: string, place: Place): Buffer {
    const nonce = randomBytes(TEXT_AT - NONCE_AT);
    const cipher = createCipheriv('aes-256-gcm', this.#current.key, nonce);
    const head = Buffer.concat([Buffer.of(VERSION), this.#current.id]);
    cipher.setAAD(associated(head, place));
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([head, nonce, body, cipher.getAuthTag()]);
  }

  /** Throws an Error when the box was altered, belongs elsewhere, or was made with a key we do not hold. */
  open(box: Uint8Array, place: Place): string {
    const bytes = Buffer.from(box.buffer, box.byteOffset, box.byteLength);
    if (bytes.length < TEXT_AT + TAG_BYTES || bytes[0] !== VERSION) {
      throw new Error('Not a sealed secret of a known version.');
    }
    const head = bytes.subarray(0, NONCE_AT);
    const key = this.#keys.find(({ id }) => id.equals(head.subarray(1)));
    if (key === undefined) {
      throw new Error('Sealed with a master key that is not configured: add it after the current one.');
    }
    const decipher = createDecipheriv('aes-256-gcm', key.key, bytes.subarray(NONCE_AT, TEXT_AT), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(associated(head, place));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return decipher.update(bytes.subarray(TEXT_AT, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  }

  /** True when the box was made with a previous key, so that its owner can seal it again. */
  isStale(box: Uint8Array): boolean {
    return !this.#current.id.equals(box.subarray(1, NONCE_AT));
  }
}

function associated(head: Buffer, { appId, channel }: Place): Buffer {
  return Buffer.concat([head, Buffer.from(JSON.stringify([appId, channel]))]);
}
