import type { Beginning, ChangeBatch, ChangeFeed, Cursors } from '../../model/source.ts';
import { CursorReader } from '../cursor-reader.ts';
import type { TimedTable } from '../cursor-reader.ts';
import { pollChanges } from '../poll-changes.ts';
import { begun, resumed } from './beginnings.ts';
import type { KeyedTable, RowReader, SqlServer, SqlSnapshot } from './sql-server.ts';

/** A server whose tables have a column that every change of a row sets to the current time. */
export interface TimedServer {
  readonly server: SqlServer;
  readonly tables: ReadonlyMap<string, KeyedTable>;
  openSnapshot(): Promise<SqlSnapshot>;
  /** Where reading a table begins, written like `TimedRow.at`: no change that `reader` does not see is older. */
  beginning(reader: RowReader, table: KeyedTable): Promise<string>;
  timed(table: KeyedTable): Promise<TimedTable>;
}

/** Changes by looking again and again at the rows that changed last. */
export class PolledChanges implements ChangeFeed {
  readonly #timed: TimedServer;
  readonly #overlapMs: number;

  constructor(timed: TimedServer, overlapMs: number) {
    this.#timed = timed;
    this.#overlapMs = overlapMs;
  }

  async begin(known: Cursors | null): Promise<Beginning> {
    const { server, tables } = this.#timed;
    if (known !== null) return resumed(server, tables);
    const snapshot = await this.#timed.openSnapshot();
    const cursors: Record<string, string> = {};
    for (const table of tables.values()) {
      cursors[table.name] = await this.#timed.beginning(snapshot, table);
    }
    return begun(server, tables, snapshot, { known, cursors });
  }

  async *read(cursors: Cursors, signal: AbortSignal): AsyncGenerator<ChangeBatch> {
    const { server, tables } = this.#timed;
    const readers: CursorReader[] = [];
    for (const table of tables.values()) {
      // A table that is watched since today begins today.
      const from = cursors[table.name] ?? (await this.#timed.beginning(server, table));
      readers.push(new CursorReader(await this.#timed.timed(table), this.#overlapMs, from));
    }
    yield* pollChanges(readers, signal);
  }
}
