import type { Pool, PoolClient } from 'pg';
import type { EventRow, SqlDatabase, SqlTransaction } from '../../model/sql-database.ts';
import { qualified } from '../../model/transition.ts';
import { EVENT_COLUMNS, eventColumns } from '../event-columns.ts';
import type { EventColumn } from '../event-columns.ts';
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

const TYPES: Readonly<Partial<Record<EventColumn, string>>> = {
  event_id: 'uuid',
  occurred_at: 'timestamptz',
  subscription_id: 'uuid',
  message_id: 'uuid',
  campaign: 'jsonb',
  raw: 'jsonb',
};

async function insertEvents(
  client: PoolClient,
  table: string,
  known: readonly string[],
  events: readonly EventRow[],
): Promise<ReadonlySet<string>> {
  const columns = eventColumns(known);
  const names = columns.join(', ');
  const arrays = columns.map((column, at) => `$${at + 1}::${TYPES[column] ?? 'text'}[]`).join(', ');
  // By columns: reading rows out of one large JSON takes the server twice as long.
  const values = columns.map((column) => events.map((event) => event[EVENT_COLUMNS[column]]));
  const { rows } = await client.query<{ event_id: string }>(
    `INSERT INTO ${quoteTable(table)} (${names})
     SELECT ${names} FROM unnest(${arrays}) WITH ORDINALITY AS e (${names}, place)
     ORDER BY place
     ON CONFLICT (event_id) DO NOTHING RETURNING event_id`,
    values,
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
