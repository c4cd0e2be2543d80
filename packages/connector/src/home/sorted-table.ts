import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { KeyFilter } from './key-filter.ts';

export const KEY = 16;
const VALUE = 16;
export const RECORD = KEY + VALUE;

/** Keys and values in hexadecimal, 32 digits each. */
export type Entry = readonly [key: string, value: string];

/** Entries of a block: 4 kB, what one read brings anyway. */
const BLOCK = 128;
/** Entries that are read together when all of them are: 1 MB. */
const STRETCH = 256 * BLOCK;
/** Of a key, so many bytes are a whole number that a double holds exactly. */
const PLACE = 6;

/**
 * A file of fixed-size entries sorted by key, never changed once written. Where each block begins is held
 * in memory, 8 bytes for 4 kB of the file, and a filter of ten bits for each key: most keys that are
 * not there cost no read, and the others one.
 */
export class SortedTable {
  readonly size: number;
  readonly #file: number | null;
  readonly #firsts: Float64Array;
  readonly #filter: KeyFilter;
  readonly #block = Buffer.alloc(BLOCK * RECORD);
  readonly #wanted = Buffer.alloc(KEY);

  /** null is the table without entries. */
  constructor(path: string | null) {
    this.#file = path === null ? null : openSync(path, 'r');
    this.size = this.#file === null ? 0 : fstatSync(this.#file).size / RECORD;
    this.#firsts = new Float64Array(Math.ceil(this.size / BLOCK));
    this.#filter = new KeyFilter(this.size);
    let index = 0;
    for (const entries of this.stretches()) {
      for (let at = 0; at < entries.length; at += RECORD) {
        if (index % BLOCK === 0) this.#firsts[index / BLOCK] = entries.readUIntBE(at, PLACE);
        this.#filter.add(entries, at);
        index += 1;
      }
    }
  }

  get(key: string): string | null {
    const wanted = this.#wanted;
    wanted.write(key, 'hex');
    if (this.#file === null || !this.#filter.mayHold(wanted)) return null;
    // Of blocks that begin alike in their first bytes, an earlier one may hold it.
    for (let block = this.#lastBlockUpTo(wanted.readUIntBE(0, PLACE)); block >= 0; block -= 1) {
      const entries = this.#readBlock(this.#file, block);
      if (wanted.compare(entries, 0, KEY) >= 0) return valueIn(entries, wanted);
    }
    return null;
  }

  /** All entries in the order of their keys, as they lie in the file. Each part is valid until the next. */
  *stretches(): Generator<Buffer> {
    if (this.#file === null) return;
    const bytes = Buffer.alloc(Math.min(STRETCH, this.size) * RECORD);
    for (let at = 0; at < this.size; at += STRETCH) {
      const part = bytes.subarray(0, Math.min(STRETCH, this.size - at) * RECORD);
      readSync(this.#file, part, 0, part.length, at * RECORD);
      yield part;
    }
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
  }

  /** -1 where each begins behind `place`. */
  #lastBlockUpTo(place: number): number {
    let low = 0;
    let high = this.#firsts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#firsts[middle] ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Valid until the next call. */
  #readBlock(file: number, block: number): Buffer {
    const count = Math.min(BLOCK, this.size - block * BLOCK);
    const bytes = this.#block.subarray(0, count * RECORD);
    readSync(file, bytes, 0, bytes.length, block * BLOCK * RECORD);
    return bytes;
  }
}

function valueIn(entries: Buffer, key: Buffer): string | null {
  const at = firstFrom(entries, 0, key, 0);
  const isThere = at < entries.length && key.compare(entries, at, at + KEY) === 0;
  return isThere ? entries.toString('hex', at + KEY, at + RECORD) : null;
}

/** Where in sorted entries, from `from` on, the first one lies whose key is not before the key at `at` of `keys`. */
export function firstFrom(entries: Buffer, from: number, keys: Buffer, at: number): number {
  let low = from / RECORD;
  let high = entries.length / RECORD;
  while (low < high) {
    const middle = (low + high) >> 1;
    const place = middle * RECORD;
    if (entries.compare(keys, at, at + KEY, place, place + KEY) < 0) low = middle + 1;
    else high = middle;
  }
  return low * RECORD;
}
