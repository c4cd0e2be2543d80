import { Database } from '../../platform/database/database.ts';

export interface ErasingDatabaseOptions {
  readonly url: string;
  readonly onConnectionLost?: (error: Error) => void;
}

/**
 * Connections for erasing. Walks go through a key in its order and touch the few rows that they find one by
 * one: so the planner may not choose to read or sort a whole table, however small it was when it planned.
 */
export function openErasingDatabase({ url, onConnectionLost }: ErasingDatabaseOptions): Database {
  return new Database({
    url,
    connections: 2,
    applicationName: 'carillon erasing',
    settings: {
      enable_seqscan: 'off',
      enable_bitmapscan: 'off',
      enable_sort: 'off',
      enable_hashjoin: 'off',
      enable_mergejoin: 'off',
      jit: 'off',
    },
    ...(onConnectionLost && { onConnectionLost }),
  });
}
