import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { firstFrom, KEY, RECORD } from './sorted-table.ts';
import type { SortedTable } from './sorted-table.ts';

const OUT_BYTES = 32_768 * RECORD;

/**
 * Writes `table` with `changes` over it to a new file, and returns when it is on the disk. What lies between
 * two changes is copied as it is.
 */
export function writeMerged(path: string, table: SortedTable, changes: ReadonlyMap<string, string>): void {
  const keys = [...changes.keys()].toSorted();
  const sorted = Buffer.from(keys.map((key) => `${key}${changes.get(key) ?? ''}`).join(''), 'hex');
  const out = new Out(path);
  try {
    let next = 0;
    for (const entries of table.stretches()) {
      const last = entries.length - RECORD;
      let at = 0;
      while (next < sorted.length && sorted.compare(entries, last, last + KEY, next, next + KEY) <= 0) {
        const place = firstFrom(entries, at, sorted, next);
        out.write(entries, at, place);
        out.write(sorted, next, next + RECORD);
        const isSame = sorted.compare(entries, place, place + KEY, next, next + KEY) === 0;
        at = isSame ? place + RECORD : place;
        next += RECORD;
      }
      out.write(entries, at, entries.length);
    }
    out.write(sorted, next, sorted.length);
    out.sync();
  } finally {
    out.close();
  }
}

/** A file that is written in large parts. */
class Out {
  readonly #file: number;
  readonly #bytes = Buffer.alloc(OUT_BYTES);
  #filled = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  write(bytes: Buffer, from: number, to: number): void {
    for (let at = from; at < to;) {
      if (this.#filled === OUT_BYTES) this.#flush();
      const count = bytes.copy(this.#bytes, this.#filled, at, to);
      this.#filled += count;
      at += count;
    }
  }

  sync(): void {
    this.#flush();
    fsyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#bytes, 0, this.#filled);
    this.#filled = 0;
  }
}
