import { Database } from '../../platform/database/database.ts';

export interface LaneDatabaseOptions {
  readonly url: string;
  /** How many batches may be under way at once: one group of lanes each. */
  readonly groups: number;
  readonly onConnectionLost?: (error: Error) => void;
}

/**
 * Connections for lane work. Their settings are part of what makes it right and fast:
 *
 * - A named statement planned while its table, or today's partition, was still empty keeps its
 *   sequential scan for ever: 1.8 s for a read that takes 3.5 ms. So the planner may not choose one.
 *   Setting this later would not plan anew.
 * - Bitmap scans read through dead entries, sorts read everything that is due before the limit.
 * - Joins go by index, row for row: a hash join planned on an empty table would read all of it later.
 *   So a statement here must not join two batches with each other.
 * - A disabled plan has a huge cost, which would switch the JIT on.
 * - An owner that freezes inside a transaction would keep its lanes locked: the server ends it.
 */
export function openLaneDatabase({ url, groups, onConnectionLost }: LaneDatabaseOptions): Database {
  return new Database({
    url,
    // One more for the session that holds the advisory lock, one for leases, one to spare.
    connections: 2 * groups + 3,
    applicationName: 'carillon lanes',
    settings: {
      enable_seqscan: 'off',
      enable_bitmapscan: 'off',
      enable_sort: 'off',
      enable_hashjoin: 'off',
      enable_mergejoin: 'off',
      jit: 'off',
      idle_in_transaction_session_timeout: '2s',
    },
    ...(onConnectionLost && { onConnectionLost }),
  });
}
