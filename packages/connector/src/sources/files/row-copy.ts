import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { Row } from '../../config/fields.ts';
import { HASH, HEAD } from '../../home/seen-entry.ts';
import { SeenWriter } from '../../home/seen-writer.ts';
import type { ScannedKey } from '../../model/source.ts';
import { rowHash } from '../row-hash.ts';

/**
 * A row in the copy: the lengths of key and row (4 bytes each), 8 bytes of hash, the key in UTF-8, the row as
 * `node:v8` writes it. The index is sorted: 32 letters of the key's digest, then the row's place in 8 bytes.
 */
const ROW_HEAD = 16;
const DIGEST = 32;
const ENTRY = HEAD + DIGEST + HASH;
/** Entries that are read together to find one: where each such block begins is held in memory. */
const BLOCK = 128;
/** Of a digest, so many letters are a whole number that a double holds exactly. */
const PLACE = 12;
const WRITE_BYTES = 1024 * 1024;
const READ_BYTES = 1024 * 1024;
const CHUNK = 1000;

export interface CopiedRow extends ScannedKey {
  readonly row: () => Row;
}

/** Writes rows as they are read once, so that each can be found by its key afterwards. */
export class RowCopyWriter {
  readonly #path: string;
  readonly #file: number;
  readonly #index: SeenWriter;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #written = 0;
  #rows = 0;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'w', 0o600);
    this.#index = new SeenWriter(`${path}.index`);
  }

  add(key: string, row: Row): void {
    const keyBytes = Buffer.from(key);
    const rowBytes = serialize(row);
    const head = Buffer.alloc(ROW_HEAD);
    head.writeUInt32BE(keyBytes.length, 0);
    head.writeUInt32BE(rowBytes.length, 4);
    head.write(rowHash(row), 8, 'hex');
    const place = this.#written + this.#waitingBytes;
    this.#index.add([{ key: digestOf(key), hash: place.toString(16).padStart(HASH * 2, '0') }]);
    this.#waiting.push(head, keyBytes, rowBytes);
    this.#waitingBytes += ROW_HEAD + keyBytes.length + rowBytes.length;
    this.#rows += 1;
    if (this.#waitingBytes > WRITE_BYTES) this.#flush();
  }

  finish(): RowCopy {
    this.#flush();
    closeSync(this.#file);
    return new RowCopy(this.#path, this.#index.finish() < this.#rows);
  }

  /** Leaves nothing behind. */
  abandon(): void {
    closeSync(this.#file);
    this.#index.abandon();
    rmSync(this.#path, { force: true });
  }

  #flush(): void {
    writeSync(this.#file, Buffer.concat(this.#waiting));
    this.#written += this.#waitingBytes;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}

/** Rows of one moment on our disk. Of rows that share a key only the first counts. */
export class RowCopy {
  readonly #path: string;
  readonly #file: number;
  readonly #index: number;
  readonly #entries: number;
  readonly #firsts: Float64Array;
  readonly #hasDoubles: boolean;

  constructor(path: string, hasDoubles: boolean) {
    this.#path = path;
    this.#file = openSync(path, 'r');
    this.#index = openSync(`${path}.index`, 'r');
    this.#entries = fstatSync(this.#index).size / ENTRY;
    this.#firsts = Float64Array.from({ length: Math.ceil(this.#entries / BLOCK) }, (_, block) =>
      placeIn(digestAt(read(this.#index, ENTRY, block * BLOCK * ENTRY), 0)),
    );
    this.#hasDoubles = hasDoubles;
  }

  get hasDoubles(): boolean {
    return this.#hasDoubles;
  }

  /** All rows in the order of the file. */
  *scan(): Generator<readonly CopiedRow[]> {
    let chunk: CopiedRow[] = [];
    for (const { place, found } of this.#rows()) {
      if (this.#hasDoubles && this.#placeOf(found.key) !== place) continue;
      chunk.push(found);
      if (chunk.length < CHUNK) continue;
      yield chunk;
      chunk = [];
    }
    if (chunk.length > 0) yield chunk;
  }

  find(key: string): Row | null {
    const place = this.#placeOf(key);
    if (place === null) return null;
    const head = read(this.#file, ROW_HEAD, place);
    const keyLength = head.readUInt32BE(0);
    return deserialize(read(this.#file, head.readUInt32BE(4), place + ROW_HEAD + keyLength)) as Row;
  }

  remove(): void {
    closeSync(this.#file);
    closeSync(this.#index);
    rmSync(this.#path, { force: true });
    rmSync(`${this.#path}.index`, { force: true });
  }

  *#rows(): Generator<{ readonly place: number; readonly found: CopiedRow }> {
    // Of its own: the copy may be replaced while somebody still reads it.
    const file = openSync(this.#path, 'r');
    try {
      let bytes = Buffer.alloc(0);
      let start = 0;
      for (let place = 0; ;) {
        const length = bytes.length - start < ROW_HEAD ? ROW_HEAD : recordLength(bytes, start);
        if (bytes.length - start < length) {
          const more = Buffer.alloc(Math.max(READ_BYTES, length));
          const rest = bytes.length - start;
          const count = readSync(file, more, 0, more.length, place + rest);
          if (count === 0) return;
          bytes = Buffer.concat([bytes.subarray(start), more.subarray(0, count)]);
          start = 0;
          continue;
        }
        yield { place, found: recordAt(bytes, start) };
        place += length;
        start += length;
      }
    } finally {
      closeSync(file);
    }
  }

  #placeOf(key: string): number | null {
    const digest = digestOf(key);
    // Of blocks that begin alike in their first letters, an earlier one may hold it.
    for (let block = this.#lastBlockUpTo(placeIn(digest)); block >= 0; block -= 1) {
      const from = block * BLOCK;
      const entries = read(this.#index, Math.min(BLOCK, this.#entries - from) * ENTRY, from * ENTRY);
      if (digestAt(entries, 0) > digest) continue;
      for (let at = 0; at < entries.length; at += ENTRY) {
        if (digestAt(entries, at) === digest) return Number(entries.readBigUInt64BE(at + HEAD + DIGEST));
      }
      return null;
    }
    return null;
  }

  /** -1 where each begins behind `place`. */
  #lastBlockUpTo(place: number): number {
    let low = 0;
    for (let high = this.#firsts.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((this.#firsts[middle] ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function digestAt(entries: Buffer, at: number): string {
  return entries.toString('latin1', at + HEAD, at + HEAD + DIGEST);
}

function placeIn(digest: string): number {
  return Number.parseInt(digest.slice(0, PLACE), 16);
}

function recordLength(bytes: Buffer, start: number): number {
  return ROW_HEAD + bytes.readUInt32BE(start) + bytes.readUInt32BE(start + 4);
}

function recordAt(bytes: Buffer, start: number): CopiedRow {
  const from = start + ROW_HEAD;
  const to = from + bytes.readUInt32BE(start);
  const row = bytes.subarray(to, start + recordLength(bytes, start));
  return {
    key: bytes.toString('utf8', from, to),
    hash: bytes.toString('hex', start + 8, from),
    row: () => deserialize(row) as Row,
  };
}

function read(file: number, length: number, place: number): Buffer {
  const bytes = Buffer.alloc(length);
  readSync(file, bytes, 0, length, place);
  return bytes;
}

function digestOf(key: string): string {
  return createHash('md5').update(key).digest('hex');
}
