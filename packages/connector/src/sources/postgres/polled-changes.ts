import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Pool } from 'pg';
import type { Beginning, ChangeBatch, ChangeFeed, Cursors } from '../../model/source.ts';
import { resumed, shapeOf } from './change-source.ts';
import { CursorReader } from './cursor-reader.ts';
import type { CursorOptions } from './cursor-reader.ts';
import { reachedRows } from './reached-rows.ts';
import { ROW_TYPES } from './row-types.ts';
import type { TableShape } from './table-shape.ts';

const POLL_MS = 1000;

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
    const readers = [...this.#shapes.values()].map(
      (shape) =>
        new CursorReader(this.#pool, shape, this.#options, cursors[shape.name] ?? cursorAt(new Date())),
    );
    while (!signal.aborted) {
      for (const reader of readers) {
        for await (const { changes, cursor } of reader.poll()) {
          yield { changes, cursors: { [reader.table]: cursor }, acknowledge: () => undefined };
        }
      }
      await pause(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** With microseconds, as the reader's queries write times. */
function cursorAt(time: Date): string {
  return time.toISOString().replace('Z', '000Z');
}
