import pg from 'pg';
import type { Pool } from 'pg';
import type { Beginning, ChangeBatch, ChangeFeed, Cursors } from '../../model/source.ts';
import { CursorReader } from '../cursor-reader.ts';
import { pollChanges } from '../poll-changes.ts';
import { resumed, shapeOf } from './change-source.ts';
import { reachedRows } from './reached-rows.ts';
import { ROW_TYPES } from './row-types.ts';
import type { TableShape } from './table-shape.ts';
import { seesTransactions, timedTable } from './timed-table.ts';

export interface CursorOptions {
  /** Column that every change of a row sets to the current time. */
  readonly changedAt: string;
  readonly overlapMs: number;
}

/** Changes by looking again and again at the rows that changed last. */
export class PolledChanges implements ChangeFeed {
  readonly #pool: Pool;
  readonly #url: string;
  readonly #shapes: ReadonlyMap<string, TableShape>;
  readonly #options: CursorOptions;

  constructor(pool: Pool, url: string, shapes: ReadonlyMap<string, TableShape>, options: CursorOptions) {
    this.#pool = pool;
    this.#url = url;
    this.#shapes = shapes;
    this.#options = options;
  }

  async begin(known: Cursors | null): Promise<Beginning> {
    if (known !== null) return resumed(this.#pool, this.#shapes);
    const reader = new pg.Client({ connectionString: this.#url, types: ROW_TYPES });
    reader.on('error', () => undefined);
    await reader.connect();
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows } = await reader.query<{ now: Date }>('SELECT now()');
    const now = rows[0]?.now ?? new Date();
    const shapes = this.#shapes;
    return {
      reason: 'first',
      cursors: Object.fromEntries([...shapes.keys()].map((table) => [table, cursorAt(now)])),
      reached: (query) => reachedRows(reader, shapeOf(shapes, query.table), query, now.getTime()),
      release: () => reader.end(),
    };
  }

  async *read(cursors: Cursors, signal: AbortSignal): AsyncGenerator<ChangeBatch> {
    const { changedAt, overlapMs } = this.#options;
    const sees = await seesTransactions(this.#pool);
    const readers = [...this.#shapes.values()].map((shape) => {
      const table = timedTable(this.#pool, shape, changedAt, sees);
      return new CursorReader(table, overlapMs, cursors[shape.name] ?? cursorAt(new Date()));
    });
    yield* pollChanges(readers, signal);
  }
}

/** With microseconds, as the reader's queries write times. */
function cursorAt(time: Date): string {
  return time.toISOString().replace('Z', '000Z');
}
