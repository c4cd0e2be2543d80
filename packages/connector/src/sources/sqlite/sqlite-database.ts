import type { EventRow, SqlDatabase } from '../../model/sql-database.ts';
import { EVENT_COLUMNS, eventColumns } from '../event-columns.ts';
import { sqliteEventsTable } from '../message-events-table.ts';
import { openSqliteFile } from './driver.ts';
import type { SqliteConnection } from './driver.ts';
import { quote, statementOf } from './statement.ts';

/** Message events, and facts learned from them, in a file of SQLite. Opened when it is first written to. */
export function sqliteDatabase(path: string): SqlDatabase {
  let opened: Promise<SqliteConnection> | null = null;
  // One transaction at a time: the connection has one.
  let last: Promise<unknown> = Promise.resolve();
  const connect = () => (opened ??= openSqliteFile(path, false));
  return {
    eventTable: sqliteEventsTable,
    transaction(work) {
      const done = last.then(async () => {
        const connection = await connect();
        connection.exec('BEGIN IMMEDIATE');
        try {
          const result = await work({
            insertEvents: (table, events) => Promise.resolve(insertEvents(connection, table, events)),
            run(statement) {
              const { text, values } = statementOf(statement);
              return Promise.resolve(Number(connection.prepare(text).run(...values).changes));
            },
          });
          connection.exec('COMMIT');
          return result;
        } catch (error) {
          connection.exec('ROLLBACK');
          throw error;
        }
      });
      last = done.catch(() => undefined);
      return done;
    },
    async checkEventTable(table) {
      const connection = await connect();
      const there = connection.prepare(`PRAGMA table_info(${quote(table)})`).all().length > 0;
      return there
        ? { state: 'good', detail: 'may be written to', fix: null }
        : { state: 'refused', detail: 'is not there', fix: `${sqliteEventsTable(table)};` };
    },
    async close() {
      (await opened)?.close();
    },
  };
}

function insertEvents(
  connection: SqliteConnection,
  table: string,
  events: readonly EventRow[],
): ReadonlySet<string> {
  const known = connection.prepare(`PRAGMA table_info(${quote(table)})`).all() as { name: string }[];
  const columns = eventColumns(known.map(({ name }) => name));
  const insert = connection.prepare(
    `INSERT INTO ${quote(table)} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
     ON CONFLICT (event_id) DO NOTHING`,
  );
  const fresh = events.filter((event) => {
    const values = columns.map((column) => event[EVENT_COLUMNS[column]]).map(asColumn);
    return Number(insert.run(...values).changes) === 1;
  });
  return new Set(fresh.map(({ id }) => id));
}

function asColumn(value: EventRow[keyof EventRow]): string | null {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}
