import { createHmac } from 'node:crypto';
import { subkey } from './master-keys.ts';
import type { MasterKeys } from './master-keys.ts';

/**
 * Hashes that say whether two texts are the same, to whoever holds the master key: without it, not even
 * a text of which there are few can be found by trying all of them.
 */
export class KeyedHash {
  readonly #keys: readonly Buffer[];

  /** `purpose` is a constant of the caller's: hashes of two purposes have nothing to do with each other. */
  constructor({ current, previous }: MasterKeys, purpose: string) {
    this.#keys = [current, ...previous].map((master) => subkey(master, purpose));
  }

  /** What to store: 32 bytes. */
  of(...parts: readonly string[]): Buffer {
    return this.all(...parts)[0]!;
  }

  /** What may have been stored, under the present key and those before it. */
  all(...parts: readonly string[]): Buffer[] {
    const text = JSON.stringify(parts);
    return this.#keys.map((key) => createHmac('sha256', key).update(text).digest());
  }
}
