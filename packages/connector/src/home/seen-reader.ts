import { closeSync, openSync, readSync } from 'node:fs';
import { HEAD, HASH, LONGEST_KEY, entryLength } from './seen-entry.ts';
import type { Place } from './seen-entry.ts';

const CHUNK = 256 * 1024;

/** Goes through a part of a file of entries; is the place of the entry it stands at. */
export class SeenReader implements Place {
  bytes: Buffer = Buffer.alloc(Math.max(CHUNK, HEAD + LONGEST_KEY + HASH));
  start = 0;
  readonly #file: number;
  readonly #to: number;
  /** Offset in the file of the first byte in memory. */
  #base: number;
  #filled = 0;

  /** Stands before the entry at `from`; ends at `to`, or with the file. */
  constructor(path: string, from = 0, to = Number.POSITIVE_INFINITY) {
    this.#file = openSync(path, 'r');
    this.#base = from;
    this.#to = to;
  }

  /** Offset of the entry it stands at; of the end when it is through. */
  get offset(): number {
    return this.#base + this.start;
  }

  /** Stands at the first entry. False when there is none. */
  first(): boolean {
    return this.#fill();
  }

  /** Steps to the next entry. False when there is none. */
  next(): boolean {
    this.start += entryLength(this);
    return this.start + HEAD <= this.#filled && this.start + entryLength(this) <= this.#filled
      ? true
      : this.#fill();
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Brings the entry at `start` to the front of the memory, and what follows behind it. */
  #fill(): boolean {
    this.#base += this.start;
    this.start = 0;
    const length = Math.min(this.bytes.length, this.#to - this.#base);
    this.#filled = length <= 0 ? 0 : readSync(this.#file, this.bytes, 0, length, this.#base);
    return this.#filled > 0;
  }
}
