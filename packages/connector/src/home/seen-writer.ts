import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import type { ScannedKey } from '../model/source.ts';
import { compareHashes, compareKeys, entryLength, HASH, HEAD, LONGEST_KEY } from './seen-entry.ts';
import type { Place } from './seen-entry.ts';
import { SeenReader } from './seen-reader.ts';

const RUN_BYTES = 8 * 1024 * 1024;

/** A sorted part of the file. */
interface Run {
  readonly from: number;
  to: number;
}

/**
 * Writes what is scanned as a file sorted by `compareKeys`, each key once. Entries that come in that order
 * go straight through; others are sorted by runs of 8 MB, and the runs merged at the end. Memory does not
 * grow with the number of keys.
 */
export class SeenWriter {
  readonly #path: string;
  readonly #file: number;
  readonly #runs: Run[] = [];
  readonly #bytes = Buffer.alloc(RUN_BYTES);
  #starts: number[] = [];
  #filled = 0;
  #written = 0;
  #count = 0;
  #inOrder = true;
  #last: Place | null = null;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(`${path}.part`, 'w+');
  }

  add(keys: readonly ScannedKey[]): void {
    for (const { key, hash } of keys) {
      const length = Buffer.byteLength(key);
      if (length > LONGEST_KEY) throw new Error(`A key of ${length} bytes is no key.`);
      if (this.#filled + HEAD + length + HASH > RUN_BYTES) this.#flush();
      const start = this.#filled;
      this.#bytes.writeUInt16BE(length, start);
      this.#bytes.write(key, start + HEAD, 'utf8');
      this.#bytes.write(hash, start + HEAD + length, 'hex');
      this.#filled += HEAD + length + HASH;
      const before = this.#starts.at(-1);
      if (before !== undefined) {
        this.#inOrder &&= compareKeys(this.#place(before), this.#place(start)) < 0;
      }
      this.#starts.push(start);
    }
  }

  /** Returns how many keys there are, when the file is on the disk under its name. */
  finish(): number {
    this.#flush();
    closeSync(this.#file);
    const part = `${this.#path}.part`;
    const count = this.#runs.length <= 1 ? this.#count : mergeRuns(part, this.#runs, `${part}.merged`);
    if (this.#runs.length > 1) {
      rmSync(part);
      renameSync(`${part}.merged`, part);
    }
    const file = openSync(part, 'r+');
    fsyncSync(file);
    closeSync(file);
    renameSync(part, this.#path);
    return count;
  }

  /** Leaves nothing behind. */
  abandon(): void {
    closeSync(this.#file);
    rmSync(`${this.#path}.part`, { force: true });
  }

  #flush(): void {
    if (this.#starts.length === 0) return;
    if (!this.#inOrder) this.#sort();
    const first = this.#place(0);
    const run = this.#runs.at(-1);
    if (run !== undefined && this.#last !== null && compareKeys(this.#last, first) < 0) {
      run.to += this.#filled;
    } else this.#runs.push({ from: this.#written, to: this.#written + this.#filled });
    writeSync(this.#file, this.#bytes, 0, this.#filled, this.#written);
    this.#written += this.#filled;
    this.#count += this.#starts.length;
    const last = this.#starts.at(-1) ?? 0;
    this.#last = { bytes: Buffer.from(this.#bytes.subarray(last, this.#filled)), start: 0 };
    this.#starts = [];
    this.#filled = 0;
    this.#inOrder = true;
  }

  /** Sorts what is in memory and drops a key's second entry. */
  #sort(): void {
    const places = this.#starts.map((start) => this.#place(start)).toSorted(compareEntries);
    const sorted = Buffer.alloc(this.#filled);
    this.#starts = [];
    this.#filled = 0;
    let before: Place | null = null;
    for (const place of places) {
      if (before !== null && compareKeys(before, place) === 0) continue;
      before = place;
      this.#starts.push(this.#filled);
      this.#filled += place.bytes.copy(sorted, this.#filled, place.start, place.start + entryLength(place));
    }
    sorted.copy(this.#bytes, 0, 0, this.#filled);
  }

  #place(start: number): Place {
    return { bytes: this.#bytes, start };
  }
}

/** A key that comes twice keeps the smaller hash, in whatever order they come. */
function compareEntries(a: Place, b: Place): number {
  return compareKeys(a, b) || compareHashes(a, b);
}

/** Merges sorted parts of a file into another. Returns how many keys there are. */
function mergeRuns(path: string, runs: readonly Run[], into: string): number {
  const readers = runs.map(({ from, to }) => new SeenReader(path, from, to));
  const file = openSync(into, 'w');
  const bytes = Buffer.alloc(RUN_BYTES);
  let filled = 0;
  let count = 0;
  let last: Place | null = null;
  try {
    const standing = readers.filter((reader) => reader.first()).toSorted(compareEntries);
    for (let next = standing[0]; next !== undefined; next = standing[0]) {
      if (last === null || compareKeys(last, next) !== 0) {
        const length = entryLength(next);
        if (filled + length > bytes.length) {
          writeSync(file, bytes, 0, filled);
          filled = 0;
        }
        next.bytes.copy(bytes, filled, next.start, next.start + length);
        last = { bytes, start: filled };
        filled += length;
        count += 1;
      }
      if (!next.next()) standing.shift();
      else sink(standing);
    }
    writeSync(file, bytes, 0, filled);
  } finally {
    for (const reader of readers) reader.close();
    closeSync(file);
  }
  return count;
}

/** Puts the first of a sorted list, which has moved on, to its place. */
function sink(standing: SeenReader[]): void {
  const [moved] = standing;
  if (moved === undefined) return;
  let at = 0;
  for (let next = standing[at + 1]; next !== undefined && compareEntries(moved, next) > 0;) {
    standing[at] = next;
    at += 1;
    next = standing[at + 1];
  }
  standing[at] = moved;
}
