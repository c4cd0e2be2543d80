import type { Beginning, Cursors } from '../../model/source.ts';
import type { KeyedTable, RowReader, SqlServer, SqlSnapshot } from './sql-server.ts';
import { reachedRows, tableOf } from './table-rows.ts';

type Tables = ReadonlyMap<string, KeyedTable>;

/** The source remembers. A trigger that is new since then has its past noted from what is there now. */
export function resumed(server: SqlServer, tables: Tables): Beginning {
  return {
    reason: 'resumed',
    cursors: {},
    reached: reachedBy(server, server, tables),
    release: () => Promise.resolve(),
  };
}

/** The source is read as it was at the moment of `snapshot`, and changes from `cursors` on. */
export function begun(
  server: SqlServer,
  tables: Tables,
  snapshot: SqlSnapshot,
  { known, cursors }: { readonly known: Cursors | null; readonly cursors: Cursors },
): Beginning {
  return {
    reason: known === null ? 'first' : 'lost',
    cursors,
    reached: reachedBy(snapshot, server, tables),
    release: () => snapshot.release(),
  };
}

function reachedBy(reader: RowReader, { statements }: SqlServer, tables: Tables): Beginning['reached'] {
  return (query) => reachedRows(reader, statements, tableOf(tables, query.table), query);
}
