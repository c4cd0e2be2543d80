import type { Pool, PoolConnection } from 'mysql2/promise';
import type { SqlSnapshot } from '../sql/sql-server.ts';
import { readerOf } from './mysql-server.ts';

/** Begins to read at one moment. */
export async function beginSnapshot(connection: Pick<PoolConnection, 'query'>): Promise<void> {
  await connection.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
}

/** What a connection sees that has begun to read at one moment. */
export function snapshotOf(connection: PoolConnection): SqlSnapshot {
  return { ...readerOf(connection), release: () => Promise.resolve(connection.destroy()) };
}

export async function openSnapshot(pool: Pool): Promise<SqlSnapshot> {
  const connection = await pool.getConnection();
  await beginSnapshot(connection);
  return snapshotOf(connection);
}
