import type { Pool } from 'mysql2/promise';
import type { Beginning, ChangeBatch, ChangeFeed, Cursors } from '../../model/source.ts';
import { CursorReader } from '../cursor-reader.ts';
import { pollChanges } from '../poll-changes.ts';
import { reachedRows } from './reached-rows.ts';
import { shapeOf } from './table-shape.ts';
import type { TableShape } from './table-shape.ts';
import { latestChange, timedTable } from './timed-table.ts';

export interface CursorOptions {
  /** Column that every change of a row sets to the current time. */
  readonly changedAt: string;
  readonly overlapMs: number;
}

/** Changes by looking again and again at the rows that changed last. */
export class PolledChanges implements ChangeFeed {
  readonly #pool: Pool;
  readonly #shapes: ReadonlyMap<string, TableShape>;
  readonly #options: CursorOptions;

  constructor(pool: Pool, shapes: ReadonlyMap<string, TableShape>, options: CursorOptions) {
    this.#pool = pool;
    this.#shapes = shapes;
    this.#options = options;
  }

  async begin(known: Cursors | null): Promise<Beginning> {
    const now = Date.now();
    const shapes = this.#shapes;
    const reader = await this.#pool.getConnection();
    await reader.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await reader.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
    const cursors: Record<string, string> = {};
    for (const shape of known === null ? shapes.values() : []) {
      cursors[shape.name] = await latestChange(reader, shape, this.#options.changedAt);
    }
    return {
      reason: known === null ? 'first' : 'resumed',
      cursors,
      reached: (query) => reachedRows(reader, shapeOf(shapes, query.table), query, now),
      release: () => Promise.resolve(reader.destroy()),
    };
  }

  async *read(cursors: Cursors, signal: AbortSignal): AsyncGenerator<ChangeBatch> {
    const { changedAt, overlapMs } = this.#options;
    const readers: CursorReader[] = [];
    for (const shape of this.#shapes.values()) {
      // A table that is watched since today begins at its latest change.
      const from = cursors[shape.name] ?? (await latestChange(this.#pool, shape, changedAt));
      readers.push(new CursorReader(timedTable(this.#pool, shape, changedAt), overlapMs, from));
    }
    yield* pollChanges(readers, signal);
  }
}
