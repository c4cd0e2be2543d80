import type { Connection, ResultSetHeader } from 'mysql2/promise';
import type { WarehouseRow } from '../warehouse-row.ts';

const ID = 'char(36) character set ascii';
const SHORT = 'varchar(255)';
const LONG = 'text';

/** In the order of a row's members. Times are kept in UTC. */
const TYPES: Readonly<Record<keyof WarehouseRow, string>> = {
  event_id: `${ID} not null primary key`,
  event_timestamp: 'datetime(3) not null',
  event_kind: `${SHORT} not null`,
  subscription_device_type: SHORT,
  language: SHORT,
  version: SHORT,
  device_os: SHORT,
  device_type: SHORT,
  token: LONG,
  subscription_id: ID,
  subscribed: 'boolean',
  onesignal_id: ID,
  last_active: 'datetime(3)',
  sdk: SHORT,
  external_id: SHORT,
  app_id: `${ID} not null`,
  template_id: ID,
  message_id: ID,
  message_name: LONG,
  message_title: LONG,
  message_contents: LONG,
  failure_reason: LONG,
  url: LONG,
  data: LONG,
};
const COLUMNS = Object.keys(TYPES) as (keyof WarehouseRow)[];
const TIMES: ReadonlySet<string> = new Set(['event_timestamp', 'last_active']);

/** `table` is a name of small letters, digits and _, perhaps with a database's before it. */
export async function createEventsTable(connection: Connection, table: string): Promise<void> {
  const columns = Object.entries(TYPES).map(([name, type]) => `${quote(name)} ${type}`);
  try {
    // A login that may only insert gets along with a table that is there.
    await connection.query(`select 1 from ${quote(table)} limit 0`);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ER_NO_SUCH_TABLE') throw error;
    await connection.query(
      `create table if not exists ${quote(table)} (${columns.join(', ')}) character set utf8mb4`,
    );
  }
}

/**
 * Rows that are there already stay as they are: an event is there once. How many are new. Not `insert ignore`, which would
 * store a value that does not fit cut off and say nothing.
 */
export async function insertEvents(
  connection: Connection,
  table: string,
  rows: readonly WarehouseRow[],
): Promise<number> {
  const text = `insert into ${quote(table)} (${COLUMNS.map(quote).join(', ')}) values ?
    on duplicate key update event_id = event_id`;
  const [result] = await connection.query<ResultSetHeader>(text, [rows.map(valuesOf)]);
  return result.affectedRows;
}

function valuesOf(row: WarehouseRow): unknown[] {
  return COLUMNS.map((name) => {
    const value = row[name];
    return TIMES.has(name) && typeof value === 'string' ? new Date(value) : value;
  });
}

function quote(name: string): string {
  return name
    .split('.')
    .map((part) => `\`${part}\``)
    .join('.');
}
