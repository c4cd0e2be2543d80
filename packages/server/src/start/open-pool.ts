import { Database } from '../platform/database/database.ts';
import type { Logger } from '../platform/log.ts';

export interface PoolOptions {
  readonly url: string;
  readonly connections: number;
  readonly applicationName: string;
  readonly log: Logger;
}

/**
 * The connections of a process. Every statement of ours reaches its rows through an index, so the
 * planner is kept from scanning whole tables: a plan made while a table was small (a new database,
 * the first message of a day) is kept for the life of a connection, and would read more and more.
 * A scan that has no index to use still runs. The JIT costs more than these short statements take.
 */
export function openPool({ log, ...options }: PoolOptions): Database {
  return new Database({
    ...options,
    settings: { enable_seqscan: 'off', jit: 'off' },
    // The error itself carries the whole connection.
    onConnectionLost: ({ message }) => log.warn({ reason: message }, 'a database connection was lost'),
  });
}
