import type { ClientBase } from 'pg';
import type { WarehouseRow } from '../warehouse-row.ts';

/** In the order of a row's members. Time columns have their own types, everything else is text. */
const TYPES: Readonly<Record<keyof WarehouseRow, string>> = {
  event_id: 'uuid',
  event_timestamp: 'timestamptz',
  event_kind: 'text',
  subscription_device_type: 'text',
  language: 'text',
  version: 'text',
  device_os: 'text',
  device_type: 'text',
  token: 'text',
  subscription_id: 'uuid',
  subscribed: 'boolean',
  onesignal_id: 'uuid',
  last_active: 'timestamptz',
  sdk: 'text',
  external_id: 'text',
  app_id: 'uuid',
  template_id: 'uuid',
  message_id: 'uuid',
  message_name: 'text',
  message_title: 'text',
  message_contents: 'text',
  failure_reason: 'text',
  url: 'text',
  data: 'text',
};
const COLUMNS = Object.entries(TYPES);
const NAMES = COLUMNS.map(([name]) => name).join(', ');
const TYPED = COLUMNS.map(([name, type]) => `${name} ${type}`).join(', ');

/** `table` is a name of small letters, digits and _, perhaps with a schema's before it. */
export async function createEventsTable(client: ClientBase, table: string): Promise<void> {
  const quoted = quote(table);
  // A role that may only insert gets along with a table that is there.
  const { rows } = await client.query<{ found: string | null }>('select to_regclass($1) as found', [quoted]);
  if (rows[0]?.found !== null) return;
  const columns = COLUMNS.map(([name, type]) =>
    name === 'event_id' ? `${name} ${type} primary key` : `${name} ${type}`,
  );
  await client.query(`create table if not exists ${quoted} (${columns.join(', ')})`);
}

/** Rows that are there already stay as they are: an event is there once. How many are new. */
export async function insertEvents(
  client: ClientBase,
  table: string,
  rows: readonly WarehouseRow[],
): Promise<number> {
  const text = `insert into ${quote(table)} (${NAMES})
    select ${NAMES} from jsonb_to_recordset($1) as r (${TYPED})
    on conflict (event_id) do nothing`;
  const { rowCount } = await client.query({
    name: 'events-table.insert',
    text,
    values: [JSON.stringify(rows)],
  });
  return rowCount ?? 0;
}

function quote(table: string): string {
  return table
    .split('.')
    .map((part) => `"${part}"`)
    .join('.');
}
