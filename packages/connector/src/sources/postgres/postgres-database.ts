import type { Pool, PoolClient } from 'pg';
import type { EventRow, SqlDatabase, SqlTransaction } from '../../model/sql-database.ts';
import { qualified } from '../../model/transition.ts';
import { messageEventsTable } from '../message-events-table.ts';
import { quoteTable } from './quote.ts';
import { readShapes } from './table-shape.ts';

/** Message events, and facts learned from them, in PostgreSQL. */
export function postgresDatabase(pool: Pool): SqlDatabase {
  return {
    eventTable: messageEventsTable,
    async transaction(work) {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const result = await work(transactionOn(client));
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

function transactionOn(client: PoolClient): SqlTransaction {
  return {
    insertEvents: (table, events) => insertEvents(client, table, events),
    async run({ text, values }) {
      return (await client.query(text, [...values])).rowCount ?? 0;
    },
  };
}

async function insertEvents(
  client: PoolClient,
  table: string,
  events: readonly EventRow[],
): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ event_id: string }>(
    `INSERT INTO ${quoteTable(qualified(table))}
       (event_id, kind, channel, occurred_at, external_id, subscription_id, message_id, template_id, address, reason, url)
     SELECT id, kind, channel, at, external_id, subscription_id, message_id, template_id, address, reason, url
     FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS (id uuid, kind text, channel text, at timestamptz,
       external_id text, subscription_id uuid, message_id uuid, template_id text, address text, reason text, url text))
       WITH ORDINALITY AS e (id, kind, channel, at, external_id, subscription_id, message_id, template_id, address,
       reason, url, place)
     ORDER BY place
     ON CONFLICT (event_id) DO NOTHING RETURNING event_id`,
    [JSON.stringify(events)],
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
