import type { Pool, RowDataPacket } from 'mysql2/promise';
import type { SourceTable } from '../../model/source.ts';
import { typeOf } from './column-types.ts';

/** What the connector must know of a table it watches. */
export interface TableShape {
  /** `schema.table`, with public for the URL's database. */
  readonly name: string;
  /** As the server names them. */
  readonly database: string;
  readonly table: string;
  /** Column to its whole type: `tinyint(1)`. */
  readonly columns: ReadonlyMap<string, string>;
  /** Columns of the primary key in its order; empty without one. */
  readonly key: readonly string[];
}

interface ColumnRow extends RowDataPacket {
  readonly db: string;
  readonly tbl: string;
  readonly col: string;
  readonly type: string;
  readonly nullable: number;
  readonly place: number | null;
  readonly here: number;
}

const COLUMNS = `
  SELECT c.TABLE_SCHEMA AS db, c.TABLE_NAME AS tbl, c.COLUMN_NAME AS col, c.COLUMN_TYPE AS type,
         c.IS_NULLABLE = 'YES' AS nullable, k.ORDINAL_POSITION AS place, c.TABLE_SCHEMA = DATABASE() AS here
  FROM information_schema.COLUMNS c
  JOIN information_schema.TABLES t USING (TABLE_SCHEMA, TABLE_NAME)
  LEFT JOIN information_schema.KEY_COLUMN_USAGE k
    ON k.TABLE_SCHEMA = c.TABLE_SCHEMA AND k.TABLE_NAME = c.TABLE_NAME AND k.COLUMN_NAME = c.COLUMN_NAME
   AND k.CONSTRAINT_NAME = 'PRIMARY'
  WHERE t.TABLE_TYPE = 'BASE TABLE' AND c.TABLE_SCHEMA NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')
  ORDER BY c.TABLE_SCHEMA, c.TABLE_NAME, c.ORDINAL_POSITION`;

/** All tables that this login may see, by `schema.table`. */
export async function readShapes(pool: Pool): Promise<Map<string, TableShape>> {
  const shapes = new Map<string, TableShape>();
  for (const [name, rows] of await readColumns(pool)) {
    const [first] = rows;
    if (first === undefined) continue;
    shapes.set(name, {
      name,
      database: first.db,
      table: first.tbl,
      columns: new Map(rows.map(({ col, type }) => [col, type])),
      key: keyOf(rows),
    });
  }
  return shapes;
}

export async function readTables(pool: Pool): Promise<SourceTable[]> {
  return [...(await readColumns(pool))].map(([name, rows]) => ({
    name: name.replace(/^public\./, ''),
    key: keyOf(rows),
    columns: rows.map(({ col, type, nullable }) => ({
      name: col,
      type: typeOf(type),
      nullable: nullable === 1,
    })),
  }));
}

function keyOf(rows: readonly ColumnRow[]): string[] {
  return rows
    .filter(({ place }) => place !== null)
    .toSorted((a, b) => Number(a.place) - Number(b.place))
    .map(({ col }) => col);
}

async function readColumns(pool: Pool): Promise<Map<string, ColumnRow[]>> {
  const [rows] = await pool.query<ColumnRow[]>(COLUMNS);
  const tables = new Map<string, ColumnRow[]>();
  for (const row of rows) {
    const name = `${row.here === 1 ? 'public' : row.db}.${row.tbl}`;
    const columns = tables.get(name);
    if (columns === undefined) tables.set(name, [row]);
    else columns.push(row);
  }
  return tables;
}
