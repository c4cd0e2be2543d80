import { joinKey } from '../model/row-key.ts';
import type { Change } from '../model/transition.ts';
import { rowHash } from './row-hash.ts';

/** A row found by the time of its change. */
export interface TimedRow {
  readonly key: readonly string[];
  /** The time of the change in UTC, written so that as text it sorts like the time, with `Date.parse` reading it. */
  readonly at: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/** A table read by the column that tells when a row was changed. */
export interface TimedTable {
  /** `schema.table`. */
  readonly name: string;
  /**
   * Rows changed at `from` or later, less `backMs`, or behind `after`; at most `limit`, by time and then
   * by key. The last one of a page is where the next begins, so that rows of one time are not torn apart.
   */
  page(
    place: { readonly from: string; readonly backMs: number } | { readonly after: TimedRow },
    limit: number,
  ): Promise<readonly TimedRow[]>;
  /**
   * A time from which on changes may still become visible: all older ones are visible now. null where
   * the source cannot tell; then the overlap is looked at again.
   */
  settled(): Promise<string | null>;
}

interface Page {
  readonly changes: readonly Change[];
  /** What to go on from, written like `TimedRow.at`. */
  readonly cursor: string;
}

const PAGE = 1000;
/** Clocks of applications, which set times too, differ from the server's. */
const CLOCKS_DIFFER_MS = 2000;

/**
 * Changes of a table found by a column with the time of the change. A time is set when a statement
 * runs and becomes visible when its transaction commits: each poll looks back to the oldest
 * transaction that is open, or over the overlap. What was seen there before is passed over. Deletes,
 * and changes that leave the column alone, are not seen.
 */
export class CursorReader {
  readonly #table: TimedTable;
  readonly #overlapMs: number;
  readonly #seen = new Map<string, { readonly at: string; readonly state: string }>();
  #cursor: string;

  /** `cursor`: what an earlier run came to, or the moment of the beginning. */
  constructor(table: TimedTable, overlapMs: number, cursor: string) {
    this.#table = table;
    this.#overlapMs = overlapMs;
    this.#cursor = cursor;
  }

  get table(): string {
    return this.#table.name;
  }

  /** One look at the table, in pages. */
  async *poll(): AsyncGenerator<Page> {
    // Before the rows are read: whatever commits later is looked for again.
    const settled = await this.#table.settled();
    const backMs = settled === null ? this.#overlapMs : CLOCKS_DIFFER_MS;
    let rows = await this.#table.page({ from: this.#cursor, backMs }, PAGE);
    for (;;) {
      const last = rows.at(-1);
      if (last === undefined) break;
      const changes = rows.flatMap((row) => this.#fresh(row));
      const upTo = settled !== null && settled < last.at ? settled : last.at;
      if (upTo > this.#cursor) this.#cursor = upTo;
      if (changes.length > 0) yield { changes, cursor: this.#cursor };
      // The end is told by the number of rows, never by equal times.
      if (rows.length < PAGE) break;
      rows = await this.#table.page({ after: last }, PAGE);
    }
    this.#forget();
  }

  #fresh({ key, at, row }: TimedRow): Change[] {
    const name = joinKey(key);
    // The time alone would not do: a column that counts seconds has the same one for two changes.
    const state = rowHash(row);
    const seen = this.#seen.get(name);
    if (seen?.at === at && seen.state === state) return [];
    this.#seen.delete(name);
    this.#seen.set(name, { at, state });
    return [{ table: this.#table.name, key, row, before: null, kind: 'update', at: Date.parse(at) }];
  }

  /** Keeps what the next poll may see again. */
  #forget(): void {
    const oldest = Date.parse(this.#cursor) - this.#overlapMs - 60_000;
    for (const [name, { at }] of this.#seen) {
      if (Date.parse(at) >= oldest) break;
      this.#seen.delete(name);
    }
  }
}
