import type { Pool, RowDataPacket } from 'mysql2/promise';
import { untilSeen } from '../until-seen.ts';

/** The last change of a batch: where it ends in the log, and the name of its transaction. */
export interface LogPlace {
  readonly file: string;
  readonly position: number;
  readonly transaction: string;
}

/** Resolves when queries see everything up to a place in the log, or when `signal` ends. */
export function untilVisible(pool: Pool, place: LogPlace, signal: AbortSignal): Promise<void> {
  return untilSeen(async () => {
    // MySQL, whose transactions are named `server:number`, adds them to this set when they have committed.
    if (place.transaction.includes(':')) {
      const [rows] = await pool.query<RowDataPacket[]>(
        'SELECT GTID_SUBSET(?, @@GLOBAL.gtid_executed) AS seen',
        [place.transaction],
      );
      return Number(rows[0]?.['seen']) === 1;
    }
    // MariaDB tells how far in the log transactions are committed; outside of a transaction, as of now.
    const [status] = await pool.query<RowDataPacket[]>("SHOW STATUS LIKE 'binlog_snapshot_%'");
    const of = (name: string): unknown =>
      status.find((row) => String(row['Variable_name']).toLowerCase() === name)?.['Value'];
    return isUpTo(place, String(of('binlog_snapshot_file')), Number(of('binlog_snapshot_position')));
  }, signal);
}

/** Pure: do these files, which are numbered, come as far as the place? */
export function isUpTo(place: Pick<LogPlace, 'file' | 'position'>, file: string, position: number): boolean {
  if (file === place.file) return position >= place.position;
  // Numbers get another digit when those they have are used up.
  return file.length === place.file.length ? file > place.file : file.length > place.file.length;
}
