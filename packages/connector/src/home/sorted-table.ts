import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';

const KEY = 16;
const VALUE = 16;
const RECORD = KEY + VALUE;
const BATCH = 2048;

/** Keys and values in hexadecimal, 32 digits each. */
export type Entry = readonly [key: string, value: string];

/** Entries of a block: 4 kB, what one read brings anyway. */
const BLOCK = 128;
/** Of a key, so many bytes are a whole number that a double holds exactly. */
const PLACE = 6;

/**
 * A file of fixed-size entries sorted by key, never changed once written. Where each block begins is held
 * in memory, 8 bytes for 4 kB of the file, so that a key is found, or seen not to be there, with one read.
 */
export class SortedTable {
  readonly #file: number | null;
  readonly #firsts: Float64Array;
  readonly #block = Buffer.alloc(BLOCK * RECORD);
  readonly size: number;

  /** null is the table without entries. */
  constructor(path: string | null) {
    this.#file = path === null ? null : openSync(path, 'r');
    this.size = this.#file === null ? 0 : fstatSync(this.#file).size / RECORD;
    this.#firsts = Float64Array.from({ length: Math.ceil(this.size / BLOCK) }, (_, block) =>
      this.#read(block * BLOCK, 1).readUIntBE(0, PLACE),
    );
  }

  get(key: string): string | null {
    const wanted = Buffer.from(key, 'hex');
    // Of blocks that begin alike in their first bytes, an earlier one may hold it.
    for (let block = this.#lastBlockUpTo(wanted.readUIntBE(0, PLACE)); block >= 0; block -= 1) {
      const entries = this.#readBlock(block);
      if (wanted.compare(entries, 0, KEY) >= 0) return valueIn(entries, wanted);
    }
    return null;
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
  #readBlock(block: number): Buffer {
    const count = Math.min(BLOCK, this.size - block * BLOCK);
    const bytes = this.#block.subarray(0, count * RECORD);
    if (this.#file !== null) readSync(this.#file, bytes, 0, bytes.length, block * BLOCK * RECORD);
    return bytes;
  }

  /** All entries in the order of their keys. */
  *entries(): Generator<Entry> {
    for (let at = 0; at < this.size; at += BATCH) {
      const text = this.#read(at, Math.min(BATCH, this.size - at)).toString('hex');
      for (let i = 0; i < text.length; i += RECORD * 2) {
        yield [text.slice(i, i + KEY * 2), text.slice(i + KEY * 2, i + RECORD * 2)];
      }
    }
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
  }

  #read(index: number, count: number): Buffer {
    const bytes = Buffer.alloc(count * RECORD);
    if (this.#file !== null) readSync(this.#file, bytes, 0, bytes.length, index * RECORD);
    return bytes;
  }
}

function valueIn(entries: Buffer, key: Buffer): string | null {
  let low = 0;
  let high = entries.length / RECORD - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = middle * RECORD;
    const order = key.compare(entries, at, at + KEY);
    if (order === 0) return entries.toString('hex', at + KEY, at + RECORD);
    if (order < 0) high = middle - 1;
    else low = middle + 1;
  }
  return null;
}

/** Writes `table` with `changes` over it to a new file, and returns when it is on the disk. */
export function writeMerged(path: string, table: SortedTable, changes: ReadonlyMap<string, string>): void {
  const file = openSync(path, 'w');
  try {
    let batch: string[] = [];
    for (const [key, value] of merge(table.entries(), [...changes].toSorted(byKey))) {
      batch.push(key, value);
      if (batch.length >= BATCH * 2) {
        writeSync(file, Buffer.from(batch.join(''), 'hex'));
        batch = [];
      }
    }
    writeSync(file, Buffer.from(batch.join(''), 'hex'));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function* merge(old: Iterable<Entry>, changes: readonly Entry[]): Generator<Entry> {
  let next = 0;
  for (const entry of old) {
    for (let change = changes[next]; change !== undefined && change[0] < entry[0]; change = changes[next]) {
      yield change;
      next += 1;
    }
    const same = changes[next];
    if (same?.[0] === entry[0]) {
      yield same;
      next += 1;
    } else yield entry;
  }
  yield* changes.slice(next);
}

function byKey(a: Entry, b: Entry): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}
