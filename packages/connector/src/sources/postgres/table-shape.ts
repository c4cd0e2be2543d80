import type { Pool } from 'pg';

/** What the connector must know of a table it watches. */
export interface TableShape {
  /** `schema.table`. */
  readonly name: string;
  readonly columns: readonly string[];
  /** Columns of the primary key in its order; empty without one. */
  readonly key: readonly string[];
  /** The stream tells the whole row before a change. */
  readonly tellsBefore: boolean;
  readonly mayPublish: boolean;
}

const SHAPES = `
  SELECT n.nspname || '.' || c.relname AS name,
         c.relreplident = 'f' AS "tellsBefore",
         pg_has_role(c.relowner, 'USAGE') AS "mayPublish",
         ARRAY(SELECT a.attname::text FROM pg_attribute a
               WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) AS columns,
         ARRAY(SELECT a.attname::text
               FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k (attnum, place)
               JOIN pg_attribute a ON a.attnum = k.attnum
               WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid ORDER BY k.place) AS key
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname || '.' || c.relname = ANY ($1)`;

/** The shapes of those of `tables` that exist. */
export async function readShapes(
  pool: Pick<Pool, 'query'>,
  tables: readonly string[],
): Promise<Map<string, TableShape>> {
  const { rows } = await pool.query<TableShape>(SHAPES, [tables]);
  return new Map(rows.map((shape) => [shape.name, shape]));
}
