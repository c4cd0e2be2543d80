import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';

const KEY = 16;
const VALUE = 16;
const RECORD = KEY + VALUE;
const BATCH = 2048;

/** Keys and values in hexadecimal, 32 digits each. */
export type Entry = readonly [key: string, value: string];

/**
 * A file of fixed-size entries sorted by key, never changed once written. Keys are digests, so they
 * are spread evenly and a key is found in a few reads by guessing its place. Takes no memory.
 */
export class SortedTable {
  readonly #file: number | null;
  readonly size: number;

  /** null is the table without entries. */
  constructor(path: string | null) {
    this.#file = path === null ? null : openSync(path, 'r');
    this.size = this.#file === null ? 0 : fstatSync(this.#file).size / RECORD;
  }

  get(key: string): string | null {
    let low = 0;
    let high = this.size - 1;
    let lowest = 0;
    let highest = 1;
    const wanted = placeOf(key);
    while (low <= high) {
      const share = highest > lowest ? (wanted - lowest) / (highest - lowest) : 0.5;
      const middle = Math.min(high, Math.max(low, low + Math.floor((high - low) * share)));
      const entry = this.#read(middle, 1).toString('hex');
      const found = entry.slice(0, KEY * 2);
      if (found === key) return entry.slice(KEY * 2);
      if (found < key) {
        low = middle + 1;
        lowest = placeOf(found);
      } else {
        high = middle - 1;
        highest = placeOf(found);
      }
    }
    return null;
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

/** Where a key lies between all zeros (0) and all ones (1). */
function placeOf(key: string): number {
  return Number.parseInt(key.slice(0, 12), 16) / 0x1_0000_0000_0000;
}
