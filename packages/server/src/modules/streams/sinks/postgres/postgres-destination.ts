import pg from 'pg';
import type { Clock } from '../../../../platform/clock.ts';
import type { Queryable } from '../../../../platform/database/database.ts';
import type { Delivery, Destination, StreamEvent } from '../../destination.ts';
import type { PostgresStreamSettings } from '../../event-streams/targets/postgres-target.ts';
import type { Breaker } from '../../../../platform/breaker.ts';
import { guardedSocket } from '../guarded-socket.ts';
import { warehouseRows } from '../warehouse-row.ts';
import type { WarehouseRow } from '../warehouse-row.ts';
import { deliverWhole } from '../whole-delivery.ts';
import type { WholeOutcome } from '../whole-delivery.ts';
import { createEventsTable, insertEvents } from './events-table-store.ts';

export interface PostgresDestinationOptions {
  readonly database: Queryable;
  readonly clock: Clock;
  /** Whether connections may go to an address. */
  readonly isReachable: (address: string) => boolean;
}

const CONNECT_MS = 10_000;
const STATEMENT_MS = 60_000;

/** A table of another database: each event is one row, once, however often it is written. */
export class PostgresDestination implements Destination {
  readonly most = 2_000;
  readonly patienceMs = 0;
  readonly isWhole = true;
  readonly #options: PostgresDestinationOptions;
  readonly #appId: string;
  readonly #settings: PostgresStreamSettings;
  #client: pg.Client | null = null;

  constructor(options: PostgresDestinationOptions, appId: string, settings: PostgresStreamSettings) {
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
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => undefined);
  }

  async #write(rows: readonly WarehouseRow[]): Promise<WholeOutcome> {
    try {
      this.#client ??= await this.#connect();
      const added = await insertEvents(this.#client, this.#settings.table, rows);
      return { state: 'taken', answer: `${added} rows are new` };
    } catch (error) {
      await this.close();
      return { state: 'failed', reason: wordsOf(error) };
    }
  }

  async #connect(): Promise<pg.Client> {
    const { url, table } = this.#settings;
    const { hostname } = new URL(url);
    const client = new pg.Client({
      connectionString: url,
      application_name: 'carillon event stream',
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: STATEMENT_MS,
      stream: () => guardedSocket(this.#options.isReachable, hostname.replace(/^\[|\]$/g, '')),
    });
    // One that breaks says so at the next query; without a listener it would end the process.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await createEventsTable(client, table);
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof pg.DatabaseError) return `the database says: ${error.message}`;
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? message : `the connection failed (${code})`;
}
