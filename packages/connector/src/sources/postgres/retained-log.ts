import type { Pool } from 'pg';

/** What a slot keeps the server from throwing away. */
export interface RetainedLog {
  readonly slot: string;
  readonly bytes: number;
  /** `reserved`, `extended`, `unreserved`, or `lost`: then all users are compared again. */
  readonly state: string;
}

export async function retainedLog(pool: Pool, slot: string): Promise<RetainedLog | null> {
  const { rows } = await pool.query<RetainedLog>(
    `SELECT slot_name AS slot, wal_status AS state,
            pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8 AS bytes
     FROM pg_replication_slots WHERE slot_name = $1`,
    [slot],
  );
  return rows[0] ?? null;
}
