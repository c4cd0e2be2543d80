import type pg from 'pg';
import type { Connector } from '../../config/config.ts';
import type { Row } from '../../config/fields.ts';
import type { PostgresSource } from '../../config/postgres.ts';
import type {
  ChangeFeed,
  ChangeReading,
  Finding,
  ScannedKey,
  ScanQuery,
  Source,
  SourceColumn,
  SourceTable,
} from '../../model/source.ts';
import type { SqlDatabase } from '../../model/sql-database.ts';
import type { Change } from '../../model/transition.ts';
import { watchedTables } from '../watched-tables.ts';
import { chooseReading, readCapabilities } from './capabilities.ts';
import { shapeOf } from './change-source.ts';
import { changedRows } from './changed-rows.ts';
import { checkSource } from './check-source.ts';
import { readTables } from './column-types.ts';
import { describeModel, readRows } from './model-query.ts';
import { openPool } from './open-pool.ts';
import { PolledChanges } from './polled-changes.ts';
import { postgresDatabase } from './postgres-database.ts';
import { reachedScan, scan, usersScan } from './scan.ts';
import { slotName } from './slot.ts';
import { SlotChanges } from './slot-changes.ts';
import { readShapes } from './table-shape.ts';
import type { TableShape } from './table-shape.ts';

export async function openPostgres(connector: Connector, settings: PostgresSource): Promise<Source> {
  const pool = openPool(settings.url);
  try {
    const shapes = await readShapes(pool, watchedTables(connector));
    const capabilities = await readCapabilities(pool);
    const reading = await chooseReading(pool, connector, slotName(connector), capabilities, shapes.values());
    return new Postgres(connector, settings, pool, reading, shapes);
  } catch (error) {
    await pool.end();
    throw error;
  }
}

class Postgres implements Source {
  readonly reading: ChangeReading;
  readonly changes: ChangeFeed | null;
  readonly database: SqlDatabase;
  readonly #connector: Connector;
  readonly #pool: pg.Pool;
  readonly #shapes: ReadonlyMap<string, TableShape>;
  #lock: pg.PoolClient | null = null;

  constructor(
    connector: Connector,
    { url, changedAt, overlapMs }: PostgresSource,
    pool: pg.Pool,
    reading: ChangeReading,
    shapes: ReadonlyMap<string, TableShape>,
  ) {
    this.#connector = connector;
    this.#pool = pool;
    this.#shapes = shapes;
    this.reading = reading;
    switch (reading.mode) {
      case 'cdc':
        this.changes = new SlotChanges(pool, url, slotName(connector), shapes);
        break;
      case 'cursor':
        this.changes = new PolledChanges(pool, url, shapes, { changedAt, overlapMs });
        break;
      case 'diff':
        this.changes = null;
    }
    // Of its own: what is written back does not wait for what is read.
    this.database = postgresDatabase(openPool(url, 1));
  }

  async *scan(query: ScanQuery, signal: AbortSignal): AsyncGenerator<readonly ScannedKey[]> {
    const { users } = this.#connector;
    switch (query.of) {
      case 'users':
        if (users !== null) yield* scan(this.#pool, usersScan(users), signal);
        return;
      case 'reached':
        yield* scan(this.#pool, reachedScan(shapeOf(this.#shapes, query.table), query), signal);
    }
  }

  /** Statistics of tables are told late and are lost in a crash: only a look is sure. */
  version(): Promise<null> {
    return Promise.resolve(null);
  }

  async rows(keys: readonly string[]): Promise<readonly Row[]> {
    const { users } = this.#connector;
    return users === null || keys.length === 0 ? [] : readRows(this.#pool, users, keys);
  }

  changed(table: string, keys: readonly string[]): Promise<readonly Change[]> {
    return changedRows(this.#pool, shapeOf(this.#shapes, table), keys, Date.now());
  }

  check(): Promise<readonly Finding[]> {
    return checkSource(this.#pool, this.#connector, this.reading, this.#shapes);
  }

  tables(): Promise<readonly SourceTable[]> {
    return readTables(this.#pool);
  }

  async modelColumns(): Promise<readonly SourceColumn[]> {
    const { users } = this.#connector;
    return users === null ? [] : describeModel(this.#pool, users);
  }

  async lock(): Promise<boolean> {
    const client = await this.#pool.connect();
    const { rows } = await client.query<{ taken: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken',
      [slotName(this.#connector)],
    );
    const taken = rows[0]?.taken === true;
    // Held for as long as its connection lives, so a killed process leaves no lock behind.
    if (!taken) client.release();
    else {
      this.#lock = client;
      // Without a listener a lost connection would end the process; the next query reports the loss.
      client.on('error', () => undefined);
    }
    return taken;
  }

  async close(): Promise<void> {
    this.#lock?.release(true);
    await this.database.close();
    await this.#pool.end();
  }
}
