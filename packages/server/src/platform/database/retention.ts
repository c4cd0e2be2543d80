import pg from 'pg';
import type { Clock } from '../clock.ts';
import type { Job } from '../jobs/jobs.ts';
import type { Database, Queryable } from './database.ts';
import { statement } from './database.ts';
import { PARTITIONS_LOCK } from './partitions.ts';

const DAY_MS = 86_400_000;
const TRIES = 5;

const days = statement(
  'retention.days',
  `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
   where i.inhparent = $1::text::regclass order by c.relname`,
);

export interface RetentionOptions {
  readonly database: Database;
  readonly clock: Clock;
  /**
   * Table to the whole days that are kept before today. Only for tables whose rows bear the day on which
   * they are written: where a row can come later, its partition would be made again, or be missing.
   */
  readonly keepDays: Readonly<Record<string, number>>;
  /** By table: what is noted of a partition, in the transaction that drops it. */
  readonly beforeDrop?: Readonly<Record<string, BeforeDrop>>;
}

/** `partition` is the name of a table, made by us. */
type BeforeDrop = (transaction: Queryable, partition: string) => Promise<void>;

/** Lets go of old days, a whole partition at a time: no row is read or marked dead. */
export function retentionJob({ database, clock, keepDays, beforeDrop }: RetentionOptions): Job {
  return {
    name: 'drop-old-days',
    schedule: '40 3 * * *',
    async run() {
      for (const [table, kept] of Object.entries(keepDays)) {
        await dropDaysBefore(database, table, clock.now() - kept * DAY_MS, beforeDrop?.[table]);
      }
    },
  };
}

/** Drops the partitions of `table` for days before that of `before`, and returns how many. */
export async function dropDaysBefore(
  database: Database,
  table: string,
  before: number,
  beforeDrop?: BeforeDrop,
): Promise<number> {
  const first = new Date(before).toISOString().slice(0, 10).replaceAll('-', '');
  const names = (await database.rows<{ name: string }>(days, [table])).map(({ name }) => name);
  const old = names.filter((name) => /_\d{8}$/.test(name) && name.slice(-8) < first);
  for (const name of old) await drop(database, name, beforeDrop);
  return old.length;
}

/** Drops the partitions of `table` for days before that of `before` in which nothing is left, and returns how many. */
export async function dropEmptyDays(database: Database, table: string, before: number): Promise<number> {
  const first = new Date(before).toISOString().slice(0, 10).replaceAll('-', '');
  let dropped = 0;
  for (const { name } of await database.rows<{ name: string }>(days, [table])) {
    if (!/_\d{8}$/.test(name) || name.slice(-8) >= first) continue;
    const [left] = await database.rows({ name: '', text: `select from ${name} limit 1` });
    if (left !== undefined) continue;
    await drop(database, name);
    dropped += 1;
  }
  return dropped;
}

/**
 * Dropping waits until nobody uses the table and meanwhile keeps everybody else waiting. So it gives up
 * soon and tries again; the job as a whole is tried again later, too.
 */
async function drop(database: Database, partition: string, beforeDrop?: BeforeDrop): Promise<void> {
  for (let left = TRIES; ; left -= 1) {
    try {
      await database.transaction(async (transaction) => {
        await transaction.run({ name: '', text: `select pg_advisory_xact_lock(${PARTITIONS_LOCK})` });
        await transaction.run({ name: '', text: `set local lock_timeout = '1s'` });
        await beforeDrop?.(transaction, partition);
        await transaction.run({ name: '', text: `drop table if exists ${partition}` });
      });
      return;
    } catch (error) {
      const isBusy = error instanceof pg.DatabaseError && error.code === '55P03';
      if (!isBusy || left === 1) throw error;
    }
  }
}
