import pg from 'pg';
import { ROW_TYPES } from './row-types.ts';

/** A pool on the source whose values are those of the change stream. */
export function openPool(url: string, connections = 4): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    application_name: 'carillon connector',
    types: ROW_TYPES,
  });
  // An idle connection that breaks is replaced; one in use fails its query.
  pool.on('error', () => undefined);
  return pool;
}
