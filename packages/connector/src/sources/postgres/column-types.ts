import pg from 'pg';
import type { Pool } from 'pg';
import type { SourceColumn, SourceTable } from '../../model/source.ts';

const { builtins } = pg.types;

/** What `row-types` makes of a value. Types that are not here arrive as text. */
const TYPES: ReadonlyMap<number, string> = new Map([
  [builtins.BOOL, 'boolean'],
  [builtins.INT2, 'number'],
  [builtins.INT4, 'number'],
  [builtins.OID, 'number'],
  [builtins.FLOAT4, 'number'],
  [builtins.FLOAT8, 'number'],
  [builtins.TIMESTAMPTZ, 'Date'],
  [builtins.JSON, 'unknown'],
  [builtins.JSONB, 'unknown'],
  [builtins.BYTEA, 'Buffer'],
]);

const TABLES = `
  SELECT CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS name,
         (SELECT json_agg(json_build_object('name', a.attname, 'oid', a.atttypid::int, 'nullable', NOT a.attnotnull)
                          ORDER BY a.attnum)
          FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
         ARRAY(SELECT a.attname::text
               FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k (attnum, place)
               JOIN pg_attribute a ON a.attnum = k.attnum
               WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid ORDER BY k.place) AS key
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'
    AND has_table_privilege(c.oid, 'SELECT')
  ORDER BY 1`;

/** The tables that this login may read. */
export async function readTables(pool: Pool): Promise<SourceTable[]> {
  interface Found {
    readonly name: string;
    readonly columns: readonly { name: string; oid: number; nullable: boolean }[] | null;
    readonly key: string[];
  }
  const { rows } = await pool.query<Found>(TABLES);
  return rows.map(({ name, columns, key }) => ({
    name,
    key,
    columns: (columns ?? []).map(({ oid, ...column }) => ({ ...column, type: typeOf(oid) })),
  }));
}

/** A result's columns: whether they may be null is not told. */
export function columnsOf(fields: readonly pg.FieldDef[]): SourceColumn[] {
  return fields.map(({ name, dataTypeID }) => ({ name, type: typeOf(dataTypeID), nullable: true }));
}

function typeOf(oid: number): string {
  return TYPES.get(oid) ?? 'string';
}
