import type { Pool, PoolOptions } from 'mysql2/promise';
import type { TypeCastField } from 'mysql2';
import { loadPart } from '../load-part.ts';

/**
 * How values become JavaScript, the same from queries and from the binary log: BIGINT and DECIMAL as
 * text, TINYINT(1) as boolean, TIMESTAMP as Date, DATETIME and DATE, which know no time zone, as text.
 */
export function connectionOptions(url: string): PoolOptions {
  return {
    uri: url,
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: ['DATE', 'DATETIME'],
    charset: 'utf8mb4_bin',
    typeCast: (field: TypeCastField, next: () => unknown) => {
      if (field.type !== 'TINY' || field.length !== 1) return next();
      const text = field.string();
      return text === null ? null : text !== '0';
    },
  };
}

export async function openPool(url: string, connections = 4): Promise<Pool> {
  const { createPool } = await loadPart('mysql2', () => import('mysql2/promise'));
  const pool = createPool({ ...connectionOptions(url), connectionLimit: connections });
  // Times of the type TIMESTAMP come in the session's zone. Queued before any query of ours.
  pool.pool.on('connection', (connection) => {
    connection.query("SET time_zone = '+00:00', SESSION group_concat_max_len = 1048576");
  });
  return pool;
}
