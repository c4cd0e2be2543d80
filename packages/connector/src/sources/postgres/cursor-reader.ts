import { asText } from '../../model/as-text.ts';
import { joinKey } from '../../model/row-key.ts';
import type { Pool } from 'pg';
import type { Change } from '../../model/transition.ts';
import { quote, quoteTable } from './quote.ts';
import type { TableShape } from './table-shape.ts';

const PAGE = 1000;

export interface CursorOptions {
  /** Column that every change of a row sets to the current time. */
  readonly changedAt: string;
  readonly overlapMs: number;
}

/** `~at` is the time of the change in UTC with microseconds: as text it sorts like the time. */
type FoundRow = Record<string, unknown> & { readonly '~at': string };

interface Page {
  readonly changes: readonly Change[];
  /** The largest change time seen, written like `~at`. */
  readonly cursor: string;
}

/**
 * Changes of a table found by a column with the time of the change. Each poll looks back over the
 * overlap, because a time is set when a statement runs and becomes visible when its transaction
 * commits. What was seen there before is passed over. Deletes, and changes that leave the column
 * alone, are not seen.
 */
export class CursorReader {
  readonly #pool: Pool;
  readonly #shape: TableShape;
  readonly #options: CursorOptions;
  readonly #seen = new Map<string, string>();
  #cursor: string;

  /** `cursor`: the largest change time seen by an earlier run, or the moment of the beginning. */
  constructor(pool: Pool, shape: TableShape, options: CursorOptions, cursor: string) {
    this.#pool = pool;
    this.#shape = shape;
    this.#options = options;
    this.#cursor = cursor;
  }

  get table(): string {
    return this.#shape.name;
  }

  /** One look at the table, in pages. */
  async *poll(): AsyncGenerator<Page> {
    let after: readonly string[] | null = null;
    for (;;) {
      const rows = await this.#page(after);
      const last = rows.at(-1);
      if (last === undefined) break;
      const changes = rows.flatMap((row) => this.#fresh(row));
      if (last['~at'] > this.#cursor) this.#cursor = last['~at'];
      if (changes.length > 0) yield { changes, cursor: this.#cursor };
      if (rows.length < PAGE) break;
      after = [last['~at'], ...this.#shape.key.map((column) => asText(last[column]))];
    }
    this.#forget();
  }

  async #page(after: readonly string[] | null): Promise<FoundRow[]> {
    const time = quote(this.#options.changedAt);
    const key = this.#shape.key.map(quote).join(', ');
    const places = this.#shape.key.map((_, i) => `$${i + 2}`).join(', ');
    const where =
      after === null
        ? `${time} >= $1::timestamptz - $2::interval`
        : `(${time}, ${key}) > ($1::timestamptz, ${places})`;
    const { rows } = await this.#pool.query<FoundRow>(
      `SELECT *, to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "~at"
       FROM ${quoteTable(this.#shape.name)} WHERE ${where} ORDER BY ${time}, ${key} LIMIT ${PAGE}`,
      after === null ? [this.#cursor, `${this.#options.overlapMs} milliseconds`] : [...after],
    );
    return rows;
  }

  #fresh(found: FoundRow): Change[] {
    const { '~at': at, ...row } = found;
    const key = this.#shape.key.map((column) => asText(row[column]));
    const name = joinKey(key);
    if (this.#seen.get(name) === at) return [];
    this.#seen.delete(name);
    this.#seen.set(name, at);
    return [{ table: this.#shape.name, key, row, before: null, kind: 'update', at: Date.parse(at) }];
  }

  /** Keeps what the next poll may see again. */
  #forget(): void {
    const oldest = Date.parse(this.#cursor) - this.#options.overlapMs - 60_000;
    for (const [name, at] of this.#seen) {
      if (Date.parse(at) >= oldest) break;
      this.#seen.delete(name);
    }
  }
}
