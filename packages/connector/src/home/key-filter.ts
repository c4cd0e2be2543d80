/** Bits for each key at the least: of keys that are not there, about two in a hundred pass. */
const BITS = 10;
/** Bits that one key sets, within one block: one read of the memory's own lines. */
const SET = 4;
const BLOCK_WORDS = 16;
const BIT = 0x1ff;

/**
 * Says of most keys that are not in a set that they are not (B. H. Bloom, 1970). Keys are digests of 16 bytes:
 * their own bytes choose the bits.
 */
export class KeyFilter {
  /** Keys that it holds before it says yes too often. */
  readonly capacity: number;
  readonly #blocks: number;
  readonly #words: Uint32Array;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#blocks = Math.max(1, Math.ceil((capacity * BITS) / (BLOCK_WORDS * 32)));
    this.#words = new Uint32Array(this.#blocks * BLOCK_WORDS);
  }

  add(keys: Buffer, at: number): void {
    const first = this.#firstWord(keys, at);
    for (let i = 0; i < SET; i += 1) {
      const bit = keys.readUInt16BE(at + 8 + 2 * i) & BIT;
      const word = first + (bit >>> 5);
      this.#words[word] = (this.#words[word] ?? 0) | (1 << (bit & 31));
    }
  }

  mayHold(keys: Buffer, at = 0): boolean {
    const first = this.#firstWord(keys, at);
    for (let i = 0; i < SET; i += 1) {
      const bit = keys.readUInt16BE(at + 8 + 2 * i) & BIT;
      if (((this.#words[first + (bit >>> 5)] ?? 0) & (1 << (bit & 31))) === 0) return false;
    }
    return true;
  }

  #firstWord(keys: Buffer, at: number): number {
    return (keys.readUInt32BE(at) % this.#blocks) * BLOCK_WORDS;
  }
}
