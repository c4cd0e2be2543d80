import type { Connection, Pool, RowDataPacket } from 'mysql2/promise';
import { asText } from '../../model/as-text.ts';
import type { TimedRow, TimedTable } from '../cursor-reader.ts';
import { quote, quoteTable } from './statement.ts';
import type { TableShape } from './table-shape.ts';

/** As text it sorts like the time, and `Date.parse` reads it. */
const FORMAT = "'%Y-%m-%dT%H:%i:%s.%fZ'";

/**
 * A table read by its column with the time of the change. A DATETIME is taken as it is written,
 * whatever the zone: it is compared with others of its column only.
 */
export function timedTable(pool: Pool, shape: TableShape, changedAt: string): TimedTable {
  const time = quote(changedAt);
  const key = shape.key.map(quote).join(', ');
  const places = shape.key.map(() => '?').join(', ');
  return {
    name: shape.name,
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
      const [rows] = await pool.query<RowDataPacket[]>(
        `SELECT *, DATE_FORMAT(${time}, ${FORMAT}) AS \`~at\`
         FROM ${quoteTable(shape.name)} WHERE ${where} ORDER BY ${time}, ${key} LIMIT ${limit}`,
        values,
      );
      return rows.map(({ '~at': at, ...row }): TimedRow => {
        return { key: shape.key.map((column) => asText(row[column])), at: String(at), row };
      });
    },
    settled: () => Promise.resolve(null),
  };
}

/** The latest change time there is: where a beginning begins. */
export async function latestChange(
  connection: Connection | Pool,
  shape: TableShape,
  changedAt: string,
): Promise<string> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT DATE_FORMAT(MAX(${quote(changedAt)}), ${FORMAT}) AS at FROM ${quoteTable(shape.name)}`,
  );
  return (rows[0]?.['at'] as string | null | undefined) ?? '1970-01-02T00:00:00.000000Z';
}
