import type { Pool } from 'mysql2/promise';
import type { Connector } from '../../config/config.ts';
import type { MysqlSource } from '../../config/mysql.ts';
import type { ChangeFeed, ChangeReading, Source } from '../../model/source.ts';
import { PolledChanges } from '../sql/polled-changes.ts';
import { SqlSource } from '../sql/sql-source.ts';
import { watchedTables } from '../watched-tables.ts';
import { BinlogChanges } from './binlog-changes.ts';
import { chooseReading, readCapabilities } from './capabilities.ts';
import { checkSource } from './check-source.ts';
import { mysqlDatabase } from './mysql-database.ts';
import { MysqlServer } from './mysql-server.ts';
import { openPool } from './open-pool.ts';
import { readShapes } from './table-shape.ts';
import type { TableShape } from './table-shape.ts';
import { timedServer } from './timed-table.ts';

export async function openMysql(connector: Connector, settings: MysqlSource): Promise<Source> {
  const pool = await openPool(settings.url);
  try {
    const server = new MysqlServer(pool);
    const all = await readShapes(pool);
    const watched = watchedTables(connector).flatMap((name) => all.get(name) ?? []);
    const reading = chooseReading(settings, await readCapabilities(pool), watched);
    const tables = new Map(watched.map((shape) => [shape.name, shape]));
    return new SqlSource({
      connector,
      server,
      tables,
      reading,
      changes: feedOf(reading, settings, { pool, server, tables, name: lockName(connector) }),
      database: mysqlDatabase(await openPool(settings.url, 1)),
      lockName: lockName(connector),
      check: () => checkSource(pool, server, connector, reading, tables),
    });
  } catch (error) {
    await pool.end();
    throw error;
  }
}

function feedOf(
  { mode }: ChangeReading,
  { url, changedAt, overlapMs }: MysqlSource,
  { pool, server, tables, name }: MysqlParts,
): ChangeFeed | null {
  switch (mode) {
    case 'cdc':
      return new BinlogChanges(pool, server, url, name, tables);
    case 'cursor':
      return new PolledChanges(timedServer(pool, server, tables, changedAt), overlapMs);
    case 'diff':
      return null;
  }
}

interface MysqlParts {
  readonly pool: Pool;
  readonly server: MysqlServer;
  readonly tables: ReadonlyMap<string, TableShape>;
  /** Of the replica that we are to the server. */
  readonly name: string;
}

/** Names of locks hold for the whole server and have 64 characters at most. */
function lockName({ name }: Connector): string {
  return `carillon_${name}`;
}
