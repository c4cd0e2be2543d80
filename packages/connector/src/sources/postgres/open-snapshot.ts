import pg from 'pg';
import type { SqlSnapshot } from '../sql/sql-server.ts';
import { readerOf } from './postgres-server.ts';
import { ROW_TYPES } from './row-types.ts';

/** Begins to read at one moment; at that of a slot, where `exported` is the name of its snapshot. */
export async function openSnapshot(url: string, exported: string | null = null): Promise<SqlSnapshot> {
  const client = new pg.Client({ connectionString: url, types: ROW_TYPES });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  if (exported !== null) await client.query(`SET TRANSACTION SNAPSHOT ${pg.escapeLiteral(exported)}`);
  return { ...readerOf(client), release: () => client.end() };
}
