import { parquetWriteBuffer } from 'hyparquet-writer';
import type { WarehouseRow } from '../warehouse-row.ts';

type Column = keyof WarehouseRow;

const TIMES: ReadonlySet<Column> = new Set<Column>(['event_timestamp', 'last_active']);
const ALWAYS: ReadonlySet<Column> = new Set<Column>(['event_id', 'event_timestamp', 'event_kind', 'app_id']);

/** A Parquet file with a column for each member of the rows: times are TIMESTAMP in UTC, the rest text and one boolean. */
export function parquetFile(rows: readonly WarehouseRow[]): Buffer {
  const columns = Object.keys(rows[0] ?? {}) as Column[];
  const columnData = columns.map((name) => ({
    name,
    type: typeOf(name),
    data: rows.map((row) => valueOf(name, row[name])),
    nullable: !ALWAYS.has(name),
  }));
  return Buffer.from(parquetWriteBuffer({ columnData }));
}

function typeOf(name: Column): 'TIMESTAMP' | 'BOOLEAN' | 'STRING' {
  if (TIMES.has(name)) return 'TIMESTAMP';
  return name === 'subscribed' ? 'BOOLEAN' : 'STRING';
}

function valueOf(name: Column, value: string | boolean | null): unknown {
  return TIMES.has(name) && typeof value === 'string' ? new Date(value) : value;
}
