import type { CsvPlace, Row, RowBatch } from './row.ts';
import { splitRows } from './split-rows.ts';

/** Bytes of one row. */
const LONGEST_ROW = 256 * 1024;
const FIRST_BYTES = 64 * 1024;
const LEAST_BYTES = 8 * 1024;
const MOST_BYTES = 512 * 1024;
const NEWLINE = 0x0a;

export interface ReadRowsOptions {
  readonly delimiter: string;
  /** Where `pieces` begin. */
  readonly place: CsvPlace;
  /** About as many in a batch. */
  readonly rows: number;
}

/** The rows of a file, in batches. A row that cannot be read is one line; reading goes on with the next one. */
export async function* readRows(
  pieces: AsyncIterable<Buffer>,
  { delimiter, place, rows: wanted }: ReadRowsOptions,
): AsyncGenerator<RowBatch, void, undefined> {
  let { position, line } = place;
  let held: Buffer = Buffer.alloc(0);
  let size = FIRST_BYTES;
  const source = pieces[Symbol.asyncIterator]();
  let isWhole = false;
  try {
    for (;;) {
      while (!isWhole && held.length < size) {
        const next = await source.next();
        if (next.done === true) isWhole = true;
        else held = held.length === 0 ? next.value : Buffer.concat([held, next.value]);
      }
      if (held.length === 0) return;
      const isEnd = isWhole && held.length <= size;
      const cut = isEnd ? held.length : held.lastIndexOf(NEWLINE, size - 1) + 1;
      const bytes = held.subarray(0, cut);
      const { rows, done, lines } = splitRows(bytes, { delimiter, line });
      if (done === 0) {
        // The row goes on behind what was looked at.
        if (!isEnd && size < LONGEST_ROW) {
          size = Math.min(LONGEST_ROW, size * 2);
          continue;
        }
        const end = held.indexOf(NEWLINE);
        // A line without an end that is longer than any row: what is held of it goes, and what follows is a line.
        const skipped = end === -1 ? held.length : end + 1;
        line += 1;
        position += skipped;
        held = held.subarray(skipped);
        yield { rows: [{ line, fault: faultOf(bytes) }], position, line };
        continue;
      }
      position += done;
      line += lines;
      held = held.subarray(done);
      size = sizeFor(wanted, rows, done);
      yield { rows, position, line };
    }
  } finally {
    await source.return?.();
  }
}

function faultOf(bytes: Buffer): string {
  return bytes.includes('"')
    ? 'has a quote that is not closed'
    : `is longer than ${LONGEST_ROW} bytes, or its line does not end`;
}

function sizeFor(wanted: number, rows: readonly Row[], bytes: number): number {
  const each = bytes / Math.max(rows.length, 1);
  return Math.round(Math.min(MOST_BYTES, Math.max(LEAST_BYTES, wanted * each)));
}
