import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';

const LOOK_EVERY_MS = 500;
const MB = 2 ** 20;

/** Where the log of the source ends, in bytes. */
export async function endOfLog(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ bytes: string }>("SELECT pg_current_wal_insert_lsn() - '0/0' AS bytes");
  return Number(rows[0]?.bytes);
}

/** Up to where the source was told that its changes are kept, in bytes. */
export async function keptUpTo(pool: pg.Pool, slot: string): Promise<number> {
  const { rows } = await pool.query<{ bytes: string }>(
    "SELECT confirmed_flush_lsn - '0/0' AS bytes FROM pg_replication_slots WHERE slot_name = $1",
    [slot],
  );
  return Number(rows[0]?.bytes);
}

/** The most of its log that the source had to hold for a slot until `isOver`, in megabytes. */
export async function mostHeldMb(pool: pg.Pool, slot: string, isOver: () => boolean): Promise<number> {
  let most = 0;
  while (!isOver()) {
    const { rows } = await pool.query<{ bytes: string }>(
      'SELECT pg_current_wal_insert_lsn() - restart_lsn AS bytes FROM pg_replication_slots WHERE slot_name = $1',
      [slot],
    );
    most = Math.max(most, Number(rows[0]?.bytes) / MB);
    await pause(LOOK_EVERY_MS);
  }
  return most;
}
