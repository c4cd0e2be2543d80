import type { Pool } from 'pg';
import { asText } from '../../model/as-text.ts';
import type { TimedRow, TimedTable } from '../cursor-reader.ts';
import type { TimedServer } from '../sql/polled-changes.ts';
import type { KeyedTable, RowReader, SqlServer } from '../sql/sql-server.ts';
import { openSnapshot } from './open-snapshot.ts';
import { quote, quoteTable } from './quote.ts';

const UTC = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`;

/** `changedAt`: the column that every change of a row sets to the current time. */
export function timedServer(
  pool: Pool,
  server: SqlServer,
  url: string,
  tables: TimedServer['tables'],
  changedAt: string,
): TimedServer {
  return {
    server,
    tables,
    openSnapshot: () => openSnapshot(url),
    beginning: (reader) => now(reader),
    timed: async (table) => timedTable(pool, table, changedAt, await seesTransactions(pool)),
  };
}

/** A table read by its column with the time of the change. */
function timedTable(
  pool: Pool,
  { name, key }: KeyedTable,
  changedAt: string,
  seesTransactions: boolean,
): TimedTable {
  const time = quote(changedAt);
  const columns = key.map(quote).join(', ');
  const places = key.map((_, i) => `$${i + 2}`).join(', ');
  return {
    name,
    async page(place, limit) {
      const [where, values] =
        'from' in place
          ? [`${time} >= $1::timestamptz - $2::interval`, [place.from, `${place.backMs} milliseconds`]]
          : [`(${time}, ${columns}) > ($1::timestamptz, ${places})`, [place.after.at, ...place.after.key]];
      const { rows } = await pool.query<FoundRow>(
        `SELECT *, to_char(${time} AT TIME ZONE 'UTC', ${UTC}) AS "~at"
         FROM ${quoteTable(name)} WHERE ${where} ORDER BY ${time}, ${columns} LIMIT ${limit}`,
        values,
      );
      return rows.map(({ '~at': at, ...row }): TimedRow => {
        return { key: key.map((column) => asText(row[column])), at, row };
      });
    },
    settled: () => (seesTransactions ? oldestTransaction(pool) : Promise.resolve(null)),
  };
}

type FoundRow = Record<string, unknown> & { readonly '~at': string };

/** When the reader's transaction began: in a snapshot, its moment. */
async function now(reader: RowReader): Promise<string> {
  const [row] = await reader.query({
    text: `SELECT to_char(now() AT TIME ZONE 'UTC', ${UTC}) AS now`,
    values: [],
  });
  return asText(row?.['now']);
}

/**
 * When the oldest transaction that is open in this database began: `now()` is that moment all through
 * it. One that has written nothing yet counts too, because it may write that time later.
 */
async function oldestTransaction(pool: Pool): Promise<string | null> {
  const { rows } = await pool.query<{ oldest: string }>(
    `SELECT to_char(least(clock_timestamp(), min(xact_start)) AT TIME ZONE 'UTC', ${UTC}) AS oldest
     FROM pg_stat_activity
     WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
       AND application_name <> 'carillon connector'`,
  );
  return rows[0]?.oldest ?? null;
}

/** Whether this login is told of the transactions of others. */
async function seesTransactions(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ sees: boolean }>(
    `SELECT pg_has_role('pg_read_all_stats', 'USAGE') AND NOT EXISTS (
       SELECT FROM pg_prepared_xacts WHERE database = current_database()) AS sees`,
  );
  return rows[0]?.sees === true;
}
