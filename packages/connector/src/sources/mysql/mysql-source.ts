import type { Pool, PoolConnection, RowDataPacket } from 'mysql2/promise';
import type { Connector } from '../../config/config.ts';
import type { Row } from '../../config/fields.ts';
import type { MysqlSource } from '../../config/mysql.ts';
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
import { BinlogChanges } from './binlog-changes.ts';
import { chooseReading, readCapabilities } from './capabilities.ts';
import { checkSource } from './check-source.ts';
import { describeModel, readRows, usersScan } from './model-query.ts';
import { mysqlDatabase } from './mysql-database.ts';
import { openPool } from './open-pool.ts';
import { PolledChanges } from './polled-changes.ts';
import { changedRows, reachedScan } from './reached-rows.ts';
import { scan } from './scan.ts';
import { readShapes, readTables, shapeOf } from './table-shape.ts';
import type { TableShape } from './table-shape.ts';

export async function openMysql(connector: Connector, settings: MysqlSource): Promise<Source> {
  const pool = await openPool(settings.url);
  try {
    const all = await readShapes(pool);
    const watched = watchedTables(connector).flatMap((name) => all.get(name) ?? []);
    const reading = chooseReading(settings, await readCapabilities(pool), watched);
    // Of its own: what is written back does not wait for what is read.
    const database = mysqlDatabase(await openPool(settings.url, 1));
    const shapes = new Map(watched.map((shape) => [shape.name, shape]));
    return new Mysql(connector, settings, pool, reading, shapes, database);
  } catch (error) {
    await pool.end();
    throw error;
  }
}

class Mysql implements Source {
  readonly reading: ChangeReading;
  readonly changes: ChangeFeed | null;
  readonly database: SqlDatabase;
  readonly #connector: Connector;
  readonly #pool: Pool;
  readonly #shapes: ReadonlyMap<string, TableShape>;
  #lock: PoolConnection | null = null;

  constructor(
    connector: Connector,
    { url, changedAt, overlapMs }: MysqlSource,
    pool: Pool,
    reading: ChangeReading,
    shapes: ReadonlyMap<string, TableShape>,
    database: SqlDatabase,
  ) {
    this.#connector = connector;
    this.#pool = pool;
    this.#shapes = shapes;
    this.reading = reading;
    this.database = database;
    switch (reading.mode) {
      case 'cdc':
        this.changes = new BinlogChanges(pool, url, lockName(connector), shapes);
        break;
      case 'cursor':
        this.changes = new PolledChanges(pool, shapes, { changedAt, overlapMs });
        break;
      case 'diff':
        this.changes = null;
    }
  }

  async *scan(query: ScanQuery, signal: AbortSignal): AsyncGenerator<readonly ScannedKey[]> {
    const { users } = this.#connector;
    switch (query.of) {
      case 'users':
        if (users !== null) yield* scan(this.#pool, await usersScan(this.#pool, users), signal);
        return;
      case 'reached':
        yield* scan(this.#pool, reachedScan(shapeOf(this.#shapes, query.table), query), signal);
    }
  }

  /** Times of tables are lost when the server restarts: only a look is sure. */
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
    const connection = await this.#pool.getConnection();
    const [rows] = await connection.query<RowDataPacket[]>('SELECT GET_LOCK(?, 0) AS taken', [
      lockName(this.#connector),
    ]);
    const taken = Number(rows[0]?.['taken']) === 1;
    // Held for as long as its connection lives, so a killed process leaves no lock behind.
    if (taken) this.#lock = connection;
    else connection.release();
    return taken;
  }

  async close(): Promise<void> {
    this.#lock?.destroy();
    await this.database.close();
    await this.#pool.end();
  }
}

/** Names of locks hold for the whole server and have 64 characters at most. */
function lockName({ name }: Connector): string {
  return `carillon_${name}`;
}
