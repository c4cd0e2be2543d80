import { writeJson } from './json-bytes.ts';
import type { JsonValue } from './json-bytes.ts';

/** The format's signature, no flags, no header extension. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
/** PostgreSQL counts from 2000-01-01. */
const EPOCH_MS = 946_684_800_000;
const DAY_MS = 86_400_000;
const JSONB_VERSION = 1;
/** A UTF-16 unit has at most three bytes in UTF-8. */
const BYTES_PER_UNIT = 3;
const LAST_OF_ASCII = 0x7f;
const SHORT = 48;

/** Small enough to be made between two other things, large enough for few calls of the system. */
const PIECE_BYTES = 64 * 1024;

/** The rows of all `items` as pieces of a COPY, each made when it is asked for. `write` adds those of one item. */
export function* copyPieces<Item>(
  columns: number,
  items: Iterable<Item>,
  write: (rows: CopyRows, item: Item) => void,
): Generator<Buffer, void, undefined> {
  const rows = new CopyRows(columns);
  for (const item of items) {
    write(rows, item);
    if (rows.size >= PIECE_BYTES) yield rows.take();
  }
  yield rows.finish();
}

/**
 * Rows for COPY in PostgreSQL's binary format: the cheapest way in, for the database because nothing is
 * parsed, and for us because ids and times are only moved. Call `row`, then one method for each column
 * in the order of the COPY. Texts must be free of NUL.
 */
export class CopyRows {
  readonly #columns: number;
  #bytes = Buffer.allocUnsafe(PIECE_BYTES * 1.25);
  #end = HEADER.copy(this.#bytes);

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** Bytes made since they were last taken. */
  get size(): number {
    return this.#end;
  }

  row(): void {
    this.#room(2);
    this.#bytes[this.#end] = 0;
    this.#bytes[this.#end + 1] = this.#columns;
    this.#end += 2;
  }

  null(): void {
    this.#room(4);
    this.#int32(-1);
  }

  /** A `text` column, and any other whose binary form is its text. */
  text(value: string): void {
    this.#room(4 + value.length * BYTES_PER_UNIT);
    const start = this.#end;
    this.#end += 4;
    this.#write(value);
    this.#int32At(start, this.#end - start - 4);
  }

  /** A `jsonb` column. */
  json(value: JsonValue): void {
    this.#room(5);
    const start = this.#end;
    let end = writeJson(this.#bytes, start + 5, value);
    if (end > this.#bytes.length) {
      this.#room(end - start);
      end = writeJson(this.#bytes, start + 5, value);
    }
    this.#bytes[start + 4] = JSONB_VERSION;
    this.#end = end;
    this.#int32At(start, end - start - 4);
  }

  /** A `uuid` column: the 16 bytes of `source` that begin at `place`. */
  uuid(source: Buffer, place = 0): void {
    this.#room(20);
    this.#int32(16);
    for (let n = 0; n < 16; n += 1) this.#bytes[this.#end + n] = source[place + n] ?? 0;
    this.#end += 16;
  }

  boolean(value: boolean): void {
    this.#room(5);
    this.#int32(1);
    this.#bytes[this.#end] = value ? 1 : 0;
    this.#end += 1;
  }

  int4(value: number): void {
    this.#room(8);
    this.#int32(4);
    this.#int32(value);
  }

  /** A whole number within 2^53. */
  int8(value: number): void {
    this.#room(12);
    this.#int32(8);
    this.#int32(Math.floor(value / 2 ** 32));
    this.#int32(((value % 2 ** 32) + 2 ** 32) % 2 ** 32);
  }

  /** A `timestamptz` column: milliseconds since the Unix epoch. */
  time(at: number): void {
    this.int8((at - EPOCH_MS) * 1000);
  }

  /** A `date` column: the UTC day of a time in milliseconds since the Unix epoch. */
  date(at: number): void {
    this.int4(Math.floor((at - EPOCH_MS) / DAY_MS));
  }

  /** What has been made since the last time. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#end);
    this.#bytes = Buffer.allocUnsafe(this.#bytes.length);
    this.#end = 0;
    return taken;
  }

  /** The last piece. Nothing may be added afterwards. */
  finish(): Buffer {
    this.#room(2);
    this.#end = this.#bytes.writeInt16BE(-1, this.#end);
    return this.#bytes.subarray(0, this.#end);
  }

  /** Short texts of ASCII, which most are, letter by letter: a call of the system's encoder costs more. */
  #write(value: string): void {
    const begin = this.#end;
    if (value.length <= SHORT) {
      let end = begin;
      for (let n = 0; n < value.length; n += 1) {
        const unit = value.charCodeAt(n);
        if (unit > LAST_OF_ASCII) break;
        this.#bytes[end] = unit;
        end += 1;
      }
      this.#end = end;
      if (end - begin === value.length) return;
    }
    this.#end = begin + this.#bytes.write(value, begin, 'utf8');
  }

  #int32(value: number): void {
    this.#int32At(this.#end, value);
    this.#end += 4;
  }

  #int32At(place: number, value: number): void {
    this.#bytes[place] = value >>> 24;
    this.#bytes[place + 1] = value >>> 16;
    this.#bytes[place + 2] = value >>> 8;
    this.#bytes[place + 3] = value;
  }

  #room(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#end + bytes));
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}
