import type pg from 'pg';
import type { Connector } from '../../config/config.ts';
import type { PostgresSource } from '../../config/postgres.ts';
import type { ChangeFeed, ChangeReading, Source } from '../../model/source.ts';
import { PolledChanges } from '../sql/polled-changes.ts';
import { SqlSource } from '../sql/sql-source.ts';
import { watchedTables } from '../watched-tables.ts';
import { chooseReading, readCapabilities } from './capabilities.ts';
import { checkSource } from './check-source.ts';
import { openPool } from './open-pool.ts';
import { postgresDatabase } from './postgres-database.ts';
import { PostgresServer } from './postgres-server.ts';
import { slotName } from './slot.ts';
import { SlotChanges } from './slot-changes.ts';
import { readShapes } from './table-shape.ts';
import type { TableShape } from './table-shape.ts';
import { timedServer } from './timed-table.ts';

export async function openPostgres(connector: Connector, settings: PostgresSource): Promise<Source> {
  const pool = openPool(settings.url);
  try {
    const server = new PostgresServer(pool);
    const tables = await readShapes(pool, watchedTables(connector));
    const slot = slotName(connector);
    const reading = await chooseReading(pool, connector, slot, await readCapabilities(pool), tables.values());
    return new SqlSource({
      connector,
      server,
      tables,
      reading,
      changes: feedOf(reading, settings, { pool, server, tables, slot }),
      database: postgresDatabase(openPool(settings.url, 1)),
      lockName: slot,
      check: () => checkSource(pool, server, connector, reading, tables),
    });
  } catch (error) {
    await pool.end();
    throw error;
  }
}

function feedOf(
  { mode }: ChangeReading,
  { url, changedAt, overlapMs }: PostgresSource,
  { pool, server, tables, slot }: PostgresParts,
): ChangeFeed | null {
  switch (mode) {
    case 'cdc':
      return new SlotChanges(pool, server, url, slot, tables);
    case 'cursor':
      return new PolledChanges(timedServer(pool, server, url, tables, changedAt), overlapMs);
    case 'diff':
      return null;
  }
}

interface PostgresParts {
  readonly pool: pg.Pool;
  readonly server: PostgresServer;
  readonly tables: ReadonlyMap<string, TableShape>;
  readonly slot: string;
}
