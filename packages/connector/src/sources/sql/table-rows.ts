import { ConfigInvalid } from '../../config/config-invalid.ts';
import type { Row } from '../../config/fields.ts';
import { asText } from '../../model/as-text.ts';
import type { ReachedQuery } from '../../model/source.ts';
import type { Change } from '../../model/transition.ts';
import type { KeyedTable, RowReader, SqlStatements } from './sql-server.ts';

const CHUNK = 2000;

/** The rows of a table that are in a state, in the order of their keys, as if they had just changed. */
export async function* reachedRows(
  reader: RowReader,
  statements: SqlStatements,
  table: KeyedTable,
  { becomes }: ReachedQuery,
): AsyncGenerator<readonly Change[]> {
  const at = Date.now();
  let after: readonly string[] | null = null;
  for (;;) {
    const rows = await reader.query(statements.reachedPage(table, becomes, after, CHUNK));
    const changes: readonly Change[] = rows.map((row) => asChange(table, row, at));
    if (changes.length > 0) yield changes;
    if (rows.length < CHUNK) return;
    after = changes.at(-1)?.key ?? null;
  }
}

/** The rows of these keys, as if they had just changed. */
export async function changedRows(
  reader: RowReader,
  statements: SqlStatements,
  table: KeyedTable,
  keys: readonly string[],
): Promise<readonly Change[]> {
  if (keys.length === 0) return [];
  const at = Date.now();
  const rows = await reader.query(statements.tableRows(table, keys));
  return rows.map((row) => asChange(table, row, at));
}

function asChange({ name, key }: KeyedTable, row: Row, at: number): Change {
  return {
    table: name,
    key: key.map((column) => asText(row[column])),
    row,
    before: null,
    kind: 'update',
    at,
  };
}

export function tableOf<Table extends KeyedTable>(tables: ReadonlyMap<string, Table>, name: string): Table {
  const table = tables.get(name);
  if (table === undefined) throw new ConfigInvalid('table', `${name} is not in the source`);
  return table;
}
