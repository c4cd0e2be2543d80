import type { Database } from './database.ts';
import { statement } from './database.ts';
import { firstTimedId } from '../ids.ts';

const DAY_MS = 86_400_000;

/** How a table is cut into days: by a date or time column, or by the version 7 id of a message. */
export type PartitionKind = 'date' | 'time' | 'timed-id';

/** The partitioned tables of the schema. */
const PARTITIONED: readonly { readonly table: string; readonly kind: PartitionKind }[] = [
  { table: 'feed', kind: 'date' },
  { table: 'event_stream_attempts', kind: 'date' },
  { table: 'webhook_attempts', kind: 'date' },
  { table: 'journey_trace', kind: 'date' },
  { table: 'user_changes', kind: 'date' },
  { table: 'custom_events', kind: 'time' },
  { table: 'deliveries', kind: 'timed-id' },
  { table: 'delivery_events', kind: 'timed-id' },
];

/** Days ahead that are made at start and by the daily job, so that midnight finds its partition there. */
const DAYS_AHEAD = 7;

/** Whoever makes or drops partitions holds it: the same ones, from two sides, would wait for each other. */
export const PARTITIONS_LOCK = 4_715_203_982;

const existing = statement(
  'partitions.existing',
  `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid`,
);

// Some tables have the database's date as their day, so that rows are in the order of their days.
const databaseDay = statement(
  'partitions.database-day',
  `select (now() at time zone 'utc')::date - date '1970-01-01' as day`,
);

/**
 * Makes the daily partitions that writes need. A day once seen costs nothing more: whoever writes
 * calls `need` with the time of the row, also far in the past or the future.
 */
export class Partitions {
  readonly #database: Database;
  readonly #days = new Set<number>();
  #making: Promise<void> = Promise.resolve();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Makes the partitions from yesterday to a week after `now`, and the same by the clock of the database. */
  async ahead(now: number): Promise<void> {
    const rows = await this.#database.rows<{ day: number }>(databaseDay);
    const todays = [Math.floor(now / DAY_MS), ...rows.map(({ day }) => day)];
    const days = todays.flatMap((today) =>
      Array.from({ length: DAYS_AHEAD + 2 }, (_, index) => today - 1 + index),
    );
    await this.#make([...new Set(days)]);
  }

  /**
   * Resolves when today's and tomorrow's partitions are there, made by whoever writes if the daily job
   * never ran. For tables whose day the database's clock decides, which may be past midnight already.
   */
  async ready(now: number): Promise<void> {
    if (!this.has(now) || !this.has(now + DAY_MS)) await this.ahead(now);
  }

  /** True when the day of `at` is known to be there: the hot path asks this and goes on without a wait. */
  has(at: number): boolean {
    return this.#days.has(Math.floor(at / DAY_MS));
  }

  /** Resolves when every partitioned table has the day of `at`. */
  async need(at: number): Promise<void> {
    if (!this.has(at)) await this.#make([Math.floor(at / DAY_MS)]);
  }

  /** One at a time in this process: two at once would wait for each other's table locks. */
  #make(days: readonly number[]): Promise<void> {
    const made = this.#making.then(() => this.#makeMissing(days));
    this.#making = made.catch(() => undefined);
    return made;
  }

  async #makeMissing(days: readonly number[]): Promise<void> {
    const missing = days.filter((day) => !this.#days.has(day));
    if (missing.length === 0) return;
    const there = new Set((await this.#database.rows<{ name: string }>(existing)).map((row) => row.name));
    for (const { table, kind } of PARTITIONED) {
      const wanted = missing
        .map((day) => ({ name: partitionName(table, day), day }))
        .filter(({ name }) => !there.has(name));
      if (wanted.length > 0) await this.#create(table, kind, wanted);
    }
    for (const day of missing) this.#days.add(day);
  }

  /** One table in a transaction: each is locked against readers, and a reader of two would wait for both in turn. */
  async #create(
    table: string,
    kind: PartitionKind,
    wanted: readonly { readonly name: string; readonly day: number }[],
  ): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      // Processes that start together make the same partitions: they take turns on this lock.
      await transaction.run({ name: '', text: `select pg_advisory_xact_lock(${PARTITIONS_LOCK})` });
      for (const { name, day } of wanted) {
        const text = `create table if not exists ${name} partition of ${table} for values from (${bound(kind, day)}) to (${bound(kind, day + 1)})`;
        await transaction.run({ name: '', text });
      }
    });
  }
}

function partitionName(table: string, day: number): string {
  return `${table}_${dateOf(day).replaceAll('-', '')}`;
}

function bound(kind: PartitionKind, day: number): string {
  switch (kind) {
    case 'date':
      return `'${dateOf(day)}'`;
    case 'time':
      return `'${dateOf(day)}T00:00:00Z'`;
    case 'timed-id':
      return `'${firstTimedId(day * DAY_MS)}'`;
  }
}

function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
