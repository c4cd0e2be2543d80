import type { Pool } from 'mysql2/promise';
import { asText } from '../../model/as-text.ts';
import type { TimedRow, TimedTable } from '../cursor-reader.ts';
import type { TimedServer } from '../sql/polled-changes.ts';
import type { KeyedTable, RowReader, SqlServer } from '../sql/sql-server.ts';
import { openSnapshot } from './open-snapshot.ts';
import { quote, quoteTable } from './quote.ts';

/** As text it sorts like the time, and `Date.parse` reads it. */
const FORMAT = "'%Y-%m-%dT%H:%i:%s.%fZ'";

/** `changedAt`: the column that every change of a row sets to the current time. */
export function timedServer(
  pool: Pool,
  server: SqlServer,
  tables: TimedServer['tables'],
  changedAt: string,
): TimedServer {
  return {
    server,
    tables,
    openSnapshot: () => openSnapshot(pool),
    beginning: (reader, table) => latestChange(reader, table, changedAt),
    timed: (table) => Promise.resolve(timedTable(server, table, changedAt)),
  };
}

/**
 * A table read by its column with the time of the change. A DATETIME is taken as it is written,
 * whatever the zone: it is compared with others of its column only.
 */
function timedTable(reader: RowReader, table: KeyedTable, changedAt: string): TimedTable {
  const time = quote(changedAt);
  const key = table.key.map(quote).join(', ');
  const places = table.key.map(() => '?').join(', ');
  return {
    name: table.name,
    async page(place, limit) {
      const [where, values] =
        'from' in place
          ? [
              `${time} >= STR_TO_DATE(?, ${FORMAT}) - INTERVAL ? MICROSECOND`,
              [place.from, place.backMs * 1000],
            ]
          : [
              `(${time}, ${key}) > (STR_TO_DATE(?, ${FORMAT}), ${places})`,
              [place.after.at, ...place.after.key],
            ];
      const rows = await reader.query({
        text: `SELECT *, DATE_FORMAT(${time}, ${FORMAT}) AS \`~at\`
          FROM ${quoteTable(table.name)} WHERE ${where} ORDER BY ${time}, ${key} LIMIT ${limit}`,
        values,
      });
      return rows.map(({ '~at': at, ...row }): TimedRow => {
        return { key: table.key.map((column) => asText(row[column])), at: asText(at), row };
      });
    },
    settled: () => Promise.resolve(null),
  };
}

/** The latest change time there is. */
async function latestChange(reader: RowReader, table: KeyedTable, changedAt: string): Promise<string> {
  const [row] = await reader.query({
    text: `SELECT DATE_FORMAT(MAX(${quote(changedAt)}), ${FORMAT}) AS at FROM ${quoteTable(table.name)}`,
    values: [],
  });
  return (row?.['at'] as string | null | undefined) ?? '1970-01-02T00:00:00.000000Z';
}
