import pg from 'pg';
import type { Connector } from '../../config/config.ts';
import type { Row } from '../../config/fields.ts';
import type { Beginning, ChangeBatch, ChangeReading, Source } from '../../model/source.ts';
import { qualified } from '../../model/transition.ts';
import { chooseReading, readCapabilities } from './capabilities.ts';
import type { ChangeSource } from './change-source.ts';
import { readKeys, readRows } from './model-query.ts';
import { PolledChanges } from './polled-changes.ts';
import { ROW_TYPES } from './row-types.ts';
import { SlotChanges } from './slot-changes.ts';
import { readShapes } from './table-shape.ts';

/** Names the slot and the publication. */
export function slotName(connector: Connector): string {
  return `carillon_${connector.name}`;
}

/** The tables whose changes matter, as `schema.table`. */
export function watchedTables({ users, events, messages }: Connector): string[] {
  const triggers = [...Object.values(events), ...Object.values(messages)];
  return [
    ...new Set([
      ...Object.keys(users?.dirtyWhen ?? {}).map(qualified),
      ...triggers.map((trigger) => qualified(trigger.on.table)),
    ]),
  ].toSorted();
}

/** A pool on the source whose values are those of the change stream. */
export function openPool(url: string, connections = 4): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    application_name: 'carillon connector',
    types: ROW_TYPES,
  });
  // An idle connection that breaks is replaced; one in use fails its query.
  pool.on('error', () => undefined);
  return pool;
}

export async function openPostgres(connector: Connector): Promise<Source> {
  const pool = openPool(connector.source.url);
  try {
    const shapes = await readShapes(pool, watchedTables(connector));
    const capabilities = await readCapabilities(pool);
    const slot = slotName(connector);
    const reading = await chooseReading(pool, connector, slot, capabilities, shapes.values());
    const { url, changedAt, overlapMs } = connector.source;
    const changes =
      reading.mode === 'cdc'
        ? new SlotChanges(pool, url, slot, shapes)
        : new PolledChanges(pool, url, shapes, { changedAt, overlapMs });
    return new PostgresSource(connector, pool, reading, changes);
  } catch (error) {
    await pool.end();
    throw error;
  }
}

class PostgresSource implements Source {
  readonly reading: ChangeReading;
  readonly #connector: Connector;
  readonly #pool: pg.Pool;
  readonly #changes: ChangeSource;
  #lock: pg.PoolClient | null = null;

  constructor(connector: Connector, pool: pg.Pool, reading: ChangeReading, changes: ChangeSource) {
    this.#connector = connector;
    this.#pool = pool;
    this.reading = reading;
    this.#changes = changes;
  }

  async keys(after: string | null, limit: number): Promise<readonly string[]> {
    const { users } = this.#connector;
    return users === null ? [] : readKeys(this.#pool, users, after, limit);
  }

  async rows(keys: readonly string[]): Promise<readonly Row[]> {
    const { users } = this.#connector;
    return users === null || keys.length === 0 ? [] : readRows(this.#pool, users, keys);
  }

  begin(known: boolean, signal: AbortSignal): Promise<Beginning> {
    return this.#changes.begin(known, signal);
  }

  changes(cursors: Readonly<Record<string, string>>, signal: AbortSignal): AsyncIterable<ChangeBatch> {
    return this.#changes.changes(cursors, signal);
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
    await this.#pool.end();
  }
}
