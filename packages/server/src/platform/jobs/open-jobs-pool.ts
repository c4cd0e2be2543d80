import pg from 'pg';
import { describeFault } from '../http/fault.ts';
import type { Logger } from '../log.ts';

/**
 * The connections of the queue. Its own pool would not be waited for at the end, and would not listen
 * for errors any more by then: a server that ends just then would take the process with it.
 */
export function openJobsPool(url: string, log: Pick<Logger, 'warn'> | null): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 3, application_name: 'carillon jobs' });
  // An idle connection that is lost is left out of the pool, and one in use fails its next query.
  const tell = (error: Error) => {
    if (!pool.ending)
      log?.warn({ fault: describeFault(error) }, 'the queue lost a connection to the database');
  };
  pool.on('error', tell);
  pool.on('connect', (client) => client.on('error', tell));
  return pool;
}
