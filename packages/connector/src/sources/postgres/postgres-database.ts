import type { Pool, PoolClient } from 'pg';
import type { EventRow, SqlDatabase, SqlTransaction } from '../../model/sql-database.ts';
import { qualified } from '../../model/transition.ts';
import { messageEventsTable } from '../message-events-table.ts';
import { quoteTable } from './quote.ts';
import { readShapes } from './table-shape.ts';

/** Message events, and facts learned from them, in PostgreSQL. */
export function postgresDatabase(pool: Pool): SqlDatabase {
  const columns = new Map<string, readonly string[]>();
  return {
    eventTable: messageEventsTable,
    async transaction(work) {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const result = await work(transactionOn(client, columns));
        await client.query('COMMIT');
        client.release();
        return result;
      } catch (error) {
        // Ends the transaction with its connection: that works when the connection is what failed.
        client.release(true);
        throw error;
      }
    },
    checkEventTable: (table) => checkEventTable(pool, table),
    close: () => pool.end(),
  };
}

function transactionOn(client: PoolClient, columns: Map<string, readonly string[]>): SqlTransaction {
  return {
    async insertEvents(table, events) {
      const name = qualified(table);
      const known = columns.get(name) ?? (await readShapes(client, [name])).get(name)?.columns ?? [];
      columns.set(name, known);
      return insertEvents(client, name, known, events);
    },
    async run({ text, values }) {
      return (await client.query(text, [...values])).rowCount ?? 0;
    },
  };
}

/** Columns of the table to what an event has for them. */
const COLUMNS: Readonly<Record<string, readonly [field: keyof EventRow, type: string]>> = {
  event_id: ['id', 'uuid'],
  kind: ['kind', 'text'],
  channel: ['channel', 'text'],
  occurred_at: ['at', 'timestamptz'],
  external_id: ['external_id', 'text'],
  subscription_id: ['subscription_id', 'uuid'],
  message_id: ['message_id', 'uuid'],
  template_id: ['template_id', 'text'],
  address: ['address', 'text'],
  reason: ['reason', 'text'],
  url: ['url', 'text'],
  campaign: ['campaign', 'jsonb'],
  raw: ['raw', 'jsonb'],
};
/** Tables that were made before these were thought of are written to without them. */
const NEWER: ReadonlySet<string> = new Set(['campaign', 'raw']);

async function insertEvents(
  client: PoolClient,
  table: string,
  known: readonly string[],
  events: readonly EventRow[],
): Promise<ReadonlySet<string>> {
  const columns = Object.entries(COLUMNS).filter(([column]) => !NEWER.has(column) || known.includes(column));
  const fields = columns.map(([, [field]]) => field);
  const { rows } = await client.query<{ event_id: string }>(
    `INSERT INTO ${quoteTable(table)} (${columns.map(([column]) => column).join(', ')})
     SELECT ${fields.join(', ')}
     FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS (${columns.map(([, [field, type]]) => `${field} ${type}`).join(', ')}))
       WITH ORDINALITY AS e (${fields.join(', ')}, place)
     ORDER BY place
     ON CONFLICT (event_id) DO NOTHING RETURNING event_id`,
    [JSON.stringify(events.map((event) => Object.fromEntries(fields.map((field) => [field, event[field]]))))],
  );
  return new Set(rows.map(({ event_id }) => event_id));
}

async function checkEventTable(pool: Pool, table: string): ReturnType<SqlDatabase['checkEventTable']> {
  const shape = (await readShapes(pool, [qualified(table)])).get(qualified(table));
  if (shape === undefined) {
    return { state: 'refused', detail: 'is not there', fix: `${messageEventsTable(table)};` };
  }
  // Both: what was there already is told apart by reading it.
  const { rows } = await pool.query<{ may: boolean }>(
    "SELECT has_table_privilege($1, 'INSERT') AND has_table_privilege($1, 'SELECT') AS may",
    [qualified(table)],
  );
  return rows[0]?.may === true
    ? { state: 'good', detail: 'may be written to', fix: null }
    : {
        state: 'refused',
        detail: 'may not be written to',
        fix: `GRANT SELECT, INSERT ON ${table} TO CURRENT_USER;`,
      };
}
