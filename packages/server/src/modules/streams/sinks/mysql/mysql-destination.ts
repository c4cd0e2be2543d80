import type { Connection } from 'mysql2/promise';
import type { Breaker } from '../../../../platform/breaker.ts';
import type { Clock } from '../../../../platform/clock.ts';
import type { Queryable } from '../../../../platform/database/database.ts';
import type { Delivery, Destination, StreamEvent } from '../../destination.ts';
import type { MysqlStreamSettings } from '../../event-streams/targets/mysql-target.ts';
import { guardedSocket } from '../guarded-socket.ts';
import { loadDriver } from '../load-driver.ts';
import { warehouseRows } from '../warehouse-row.ts';
import type { WarehouseRow } from '../warehouse-row.ts';
import { deliverWhole } from '../whole-delivery.ts';
import type { WholeOutcome } from '../whole-delivery.ts';
import { createEventsTable, insertEvents } from './events-table-store.ts';

export interface MysqlDestinationOptions {
  readonly database: Queryable;
  readonly clock: Clock;
  /** Whether connections may go to an address. */
  readonly isReachable: (address: string) => boolean;
}

const CONNECT_MS = 10_000;
const STATEMENT_MS = 60_000;
const PORT = 3_306;

/** A table of MySQL or MariaDB: each event is one row, once, however often it is written. */
export class MysqlDestination implements Destination {
  readonly most = 1_000;
  readonly patienceMs = 0;
  readonly isWhole = true;
  readonly #options: MysqlDestinationOptions;
  readonly #appId: string;
  readonly #settings: MysqlStreamSettings;
  #connection: Connection | null = null;

  constructor(options: MysqlDestinationOptions, appId: string, settings: MysqlStreamSettings) {
    this.#options = options;
    this.#appId = appId;
    this.#settings = settings;
  }

  async deliver(events: readonly StreamEvent[], breaker: Breaker): Promise<Delivery> {
    const { database, clock } = this.#options;
    const rows = await warehouseRows(database, this.#appId, events);
    return deliverWhole(events, breaker, clock.now(), () => this.#write(rows));
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = null;
    connection?.destroy();
  }

  async #write(rows: readonly WarehouseRow[]): Promise<WholeOutcome> {
    // The driver's own time limits say nothing of a server that has gone silent in the middle of an answer.
    const limit = setTimeout(() => this.#connection?.destroy(), STATEMENT_MS);
    try {
      this.#connection ??= await this.#connect();
      const added = await insertEvents(this.#connection, this.#settings.table, rows);
      return { state: 'taken', answer: `${added} rows are new` };
    } catch (error) {
      await this.close();
      return { state: 'failed', reason: wordsOf(error) };
    } finally {
      clearTimeout(limit);
    }
  }

  async #connect(): Promise<Connection> {
    const { createConnection } = await loadDriver('mysql2', () => import('mysql2/promise'));
    const url = new URL(this.#settings.url);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = url.port === '' ? PORT : Number(url.port);
    const connection = await createConnection({
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: decodeURIComponent(url.pathname.slice(1)),
      timezone: 'Z',
      charset: 'utf8mb4_bin',
      connectTimeout: CONNECT_MS,
      // Rows that are there already are not counted.
      flags: ['-FOUND_ROWS'],
      ...(url.searchParams.get('ssl') === 'true' && { host, ssl: { rejectUnauthorized: true } }),
      stream: () => guardedSocket(this.#options.isReachable, host).connect(port, host),
    });
    // One that breaks says so at the next query; without a listener it would end the process.
    connection.on('error', () => undefined);
    try {
      await createEventsTable(connection, this.#settings.table);
      return connection;
    } catch (error) {
      connection.destroy();
      throw error;
    }
  }
}

function wordsOf(error: unknown): string {
  const { code, sqlState, message } = error as { code?: string; sqlState?: string; message: string };
  if (sqlState !== undefined) return `the database says: ${message}`;
  return code === undefined || message.includes('public internet')
    ? message
    : `the connection failed (${code})`;
}
