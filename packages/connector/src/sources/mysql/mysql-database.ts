import type { Connection, Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import type { EventRow, SqlDatabase } from '../../model/sql-database.ts';
import { qualified } from '../../model/transition.ts';
import { EVENT_COLUMNS, eventColumns } from '../event-columns.ts';
import type { EventColumn } from '../event-columns.ts';
import { mysqlEventsTable } from '../message-events-table.ts';
import { placeValues } from '../place-values.ts';
import { quoteTable } from './quote.ts';

/** ER_NO_SUCH_TABLE */
const NO_SUCH_TABLE = 1146;

/** Message events, and facts learned from them, in MySQL. */
export function mysqlDatabase(pool: Pool): SqlDatabase {
  const columns = new Map<string, readonly EventColumn[]>();
  return {
    eventTable: mysqlEventsTable,
    async transaction(work) {
      const connection = await pool.getConnection();
      try {
        await connection.beginTransaction();
        const result = await work({
          async insertEvents(table, events) {
            const known = columns.get(table) ?? (await columnsOf(connection, table));
            columns.set(table, known);
            return insertEvents(connection, table, known, events);
          },
          async run(statement) {
            const { text, values } = placeValues(statement);
            const [done] = await connection.query<ResultSetHeader>(text, [...values]);
            return done.affectedRows;
          },
        });
        await connection.commit();
        connection.release();
        return result;
      } catch (error) {
        // Ends the transaction with its connection: that works when the connection is what failed.
        connection.destroy();
        throw error;
      }
    },
    checkEventTable: (table) => checkEventTable(pool, table),
    close: () => pool.end(),
  };
}

async function columnsOf(connection: Connection, table: string): Promise<readonly EventColumn[]> {
  const [rows] = await connection.query<RowDataPacket[]>(`SHOW COLUMNS FROM ${quoteTable(qualified(table))}`);
  return eventColumns(rows.map((row) => String(row['Field'])));
}

async function insertEvents(
  connection: Connection,
  table: string,
  columns: readonly EventColumn[],
  events: readonly EventRow[],
): Promise<ReadonlySet<string>> {
  if (events.length === 0) return new Set();
  const name = quoteTable(qualified(table));
  const ids = events.map(({ id }) => id);
  const [there] = await connection.query<RowDataPacket[]>(
    `SELECT event_id FROM ${name} WHERE event_id IN (?) FOR UPDATE`,
    [ids],
  );
  const known = new Set(there.map((row) => String(row['event_id'])));
  // The last of two of one page is passed over as well.
  const fresh = [...new Map(events.toReversed().map((event) => [event.id, event])).values()]
    .toReversed()
    .filter(({ id }) => !known.has(id));
  if (fresh.length > 0) {
    await connection.query(`INSERT INTO ${name} (${columns.join(', ')}) VALUES ?`, [
      fresh.map((event) => columns.map((column) => valueOf(event, column))),
    ]);
  }
  return new Set(fresh.map(({ id }) => id));
}

function valueOf(event: EventRow, column: EventColumn): string | null {
  const value = event[EVENT_COLUMNS[column]];
  if (column === 'occurred_at') return new Date(event.at).toISOString().replace('T', ' ').replace('Z', '');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

async function checkEventTable(pool: Pool, table: string): ReturnType<SqlDatabase['checkEventTable']> {
  const name = quoteTable(qualified(table));
  try {
    const columns = eventColumns([]).join(', ');
    // As it is done later: MySQL asks for more than SELECT where rows are locked.
    await pool.query(`SELECT ${columns} FROM ${name} LIMIT 0 FOR UPDATE`);
    // Planned and not run: says whether it may be.
    await pool.query(`EXPLAIN INSERT INTO ${name} (${columns}) SELECT ${columns} FROM ${name}`);
    return { state: 'good', detail: 'may be written to', fix: null };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const missing = 'errno' in error && error.errno === NO_SUCH_TABLE;
    return missing
      ? { state: 'refused', detail: 'is not there', fix: `${mysqlEventsTable(table)};` }
      : {
          state: 'refused',
          detail: error.message,
          fix: `GRANT SELECT, INSERT, UPDATE ON ${table} TO ...;   -- the login of the connector`,
        };
  }
}
