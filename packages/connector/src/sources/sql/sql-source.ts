import type { Connector } from '../../config/config.ts';
import type { Row } from '../../config/fields.ts';
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
import type { KeyedTable, SqlServer } from './sql-server.ts';
import { changedRows, tableOf } from './table-rows.ts';

/** What a kind of server brings to its source. */
export interface SqlParts {
  readonly connector: Connector;
  readonly server: SqlServer;
  /** The watched tables that are there, by `schema.table`. */
  readonly tables: ReadonlyMap<string, KeyedTable>;
  readonly reading: ChangeReading;
  readonly changes: ChangeFeed | null;
  /** With connections of its own: what is written back does not wait for what is read. */
  readonly database: SqlDatabase;
  /** Of the lock: as a name that holds for the whole server. */
  readonly lockName: string;
  check(): Promise<readonly Finding[]>;
}

/** A database server as a source. What its SQL is like, and how it tells of changes, its parts know. */
export class SqlSource implements Source {
  readonly reading: ChangeReading;
  readonly changes: ChangeFeed | null;
  readonly database: SqlDatabase;
  readonly #parts: SqlParts;

  constructor(parts: SqlParts) {
    this.#parts = parts;
    this.reading = parts.reading;
    this.changes = parts.changes;
    this.database = parts.database;
  }

  async *scan(query: ScanQuery, signal: AbortSignal): AsyncGenerator<readonly ScannedKey[]> {
    const { server, tables, connector } = this.#parts;
    const { statements } = server;
    switch (query.of) {
      case 'users': {
        const { users } = connector;
        if (users === null) return;
        yield* server.scan(statements.usersScan(users, await this.modelColumns()), signal);
        return;
      }
      case 'reached':
        yield* server.scan(statements.reachedScan(tableOf(tables, query.table), query.becomes), signal);
    }
  }

  /** What servers tell of their tables comes late and is lost in a crash: only a look is sure. */
  version(): Promise<null> {
    return Promise.resolve(null);
  }

  async rows(keys: readonly string[]): Promise<readonly Row[]> {
    const { server, connector } = this.#parts;
    if (connector.users === null || keys.length === 0) return [];
    return server.query(server.statements.usersRows(connector.users, keys));
  }

  changed(table: string, keys: readonly string[]): Promise<readonly Change[]> {
    const { server, tables } = this.#parts;
    return changedRows(server, server.statements, tableOf(tables, table), keys);
  }

  check(): Promise<readonly Finding[]> {
    return this.#parts.check();
  }

  tables(): Promise<readonly SourceTable[]> {
    return this.#parts.server.tables();
  }

  async modelColumns(): Promise<readonly SourceColumn[]> {
    const { server, connector } = this.#parts;
    return connector.users === null ? [] : server.describe(server.statements.columns(connector.users.model));
  }

  lock(): Promise<boolean> {
    return this.#parts.server.lock(this.#parts.lockName);
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.#parts.server.close();
  }
}
