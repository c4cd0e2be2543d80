import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { ConfigInvalid } from '../../config/config-invalid.ts';
import type { Connector, UsersModel } from '../../config/config.ts';
import type { Row } from '../../config/fields.ts';
import type { SqliteSource } from '../../config/sqlite.ts';
import { asText } from '../../model/as-text.ts';
import { joinKey, splitKey } from '../../model/row-key.ts';
import type {
  Finding,
  ScannedKey,
  ScanQuery,
  Source,
  SourceColumn,
  SourceTable,
} from '../../model/source.ts';
import type { SqlDatabase } from '../../model/sql-database.ts';
import type { Change } from '../../model/transition.ts';
import { checkModel, checkTables, good } from '../check-findings.ts';
import { openSqliteFile } from './driver.ts';
import type { SqliteConnection } from './driver.ts';
import { rowOf, typeOf } from './row-types.ts';
import { sqliteDatabase } from './sqlite-database.ts';
import { plain, quote, statementOf, tableName } from './statement.ts';

const CHUNK = 5000;

export async function openSqlite(connector: Connector, { path }: SqliteSource): Promise<Source> {
  if (!existsSync(path)) throw new ConfigInvalid('source.path', `is not there: ${path}`);
  return new Sqlite(connector, path, await openSqliteFile(path, true), sqliteDatabase(path));
}

class Sqlite implements Source {
  readonly reading = { mode: 'diff', why: 'SQLite tells nobody of changes: it is looked at' } as const;
  readonly changes = null;
  readonly database: SqlDatabase;
  readonly #connector: Connector;
  readonly #path: string;
  readonly #file: SqliteConnection;
  readonly #connection = randomUUID();

  constructor(connector: Connector, path: string, file: SqliteConnection, database: SqlDatabase) {
    this.#connector = connector;
    this.#path = path;
    this.#file = file;
    this.database = database;
  }

  async *scan(query: ScanQuery, signal: AbortSignal): AsyncGenerator<readonly ScannedKey[]> {
    const { users } = this.#connector;
    // A connection of its own: one that is being iterated over does nothing else, and keeps its moment.
    const file = await openSqliteFile(this.#path, true);
    try {
      let chunk: ScannedKey[] = [];
      for (const scanned of query.of === 'users' ? usersOf(file, users) : this.#reached(file, query)) {
        chunk.push(scanned);
        if (chunk.length < CHUNK) continue;
        if (signal.aborted) return;
        yield chunk;
        chunk = [];
      }
      if (chunk.length > 0) yield chunk;
    } finally {
      file.close();
    }
  }

  /** Moves with every commit of another connection, and begins anew with each of them: another one's says nothing here. */
  version(): Promise<string> {
    const [row] = this.#file.prepare('PRAGMA data_version').all() as [{ data_version: bigint }];
    return Promise.resolve(`${this.#connection}.${row.data_version}`);
  }

  rows(keys: readonly string[]): Promise<readonly Row[]> {
    const { users } = this.#connector;
    if (users === null) return Promise.resolve([]);
    const { text, values } = statementOf(users.model);
    const statement = this.#file.prepare(
      `SELECT * FROM (${text}) m WHERE m.${quote(users.key)} = CAST(? AS ${affinity(this.#types(text), users.key)})`,
    );
    const types = this.#types(text);
    const found = keys.flatMap((key) => statement.all(...values, key) as Record<string, unknown>[]);
    return Promise.resolve(found.map((row) => rowOf(row, types)));
  }

  changed(table: string, keys: readonly string[]): Promise<readonly Change[]> {
    const { key, columns } = this.#shape(table);
    const types = new Map(columns.map(({ name, declared }) => [name, declared]));
    const where = key
      .map((column) => `${quote(column)} = CAST(? AS ${affinity(types, column)})`)
      .join(' AND ');
    const statement = this.#file.prepare(`SELECT * FROM ${quote(tableName(table))} WHERE ${where}`);
    const at = Date.now();
    const rows = keys.flatMap((joined) => statement.all(...splitKey(joined)) as Record<string, unknown>[]);
    const changes = rows.map((found): Change => {
      const row = rowOf(found, types);
      return { table, key: key.map((column) => asText(row[column])), row, before: null, kind: 'update', at };
    });
    return Promise.resolve(changes);
  }

  async check(): Promise<readonly Finding[]> {
    const names = new Set(this.#tables().map((name) => `public.${name}`));
    const shape = (table: string) => {
      if (!names.has(table)) return null;
      const { key, columns } = this.#shape(table);
      return { key, columns: columns.map(({ name }) => name) };
    };
    return [
      good('source', `SQLite ${this.#sqliteVersion()}`),
      good('changes', `read by ${this.reading.mode}: ${this.reading.why}`),
      ...checkTables(this.#connector, shape, this.reading.mode),
      ...(await checkModel(this.#connector, async () => this.modelColumns())),
    ];
  }

  tables(): Promise<readonly SourceTable[]> {
    const tables = this.#tables().map((name): SourceTable => {
      const { key, columns } = this.#shape(name);
      return {
        name,
        key,
        columns: columns.map(({ name, declared, nullable }) => ({ name, type: typeOf(declared), nullable })),
      };
    });
    return Promise.resolve(tables);
  }

  async modelColumns(): Promise<readonly SourceColumn[]> {
    const { users } = this.#connector;
    if (users === null) return [];
    const types = [...this.#types(statementOf(users.model).text)];
    return types.map(([name, declared]) => ({ name, type: typeOf(declared), nullable: true }));
  }

  /** The lock of the home is enough: nothing is held in the source. */
  lock(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async close(): Promise<void> {
    await this.database.close();
    this.#file.close();
  }

  *#reached(
    file: SqliteConnection,
    { table, becomes }: Extract<ScanQuery, { of: 'reached' }>,
  ): Generator<ScannedKey> {
    const { key } = this.#shape(table);
    const wanted = Object.entries(becomes);
    const where = wanted.map(([column]) => `${quote(column)} IS ?`).join(' AND ');
    const statement = file.prepare(
      `SELECT ${key.map(quote).join(', ')} FROM ${quote(tableName(table))} WHERE ${where}`,
    );
    const values = wanted.map(([, value]) => plain(value));
    for (const row of statement.iterate(...values) as Iterable<Record<string, unknown>>) {
      yield { key: joinKey(key.map((column) => row[column])), hash: '0'.repeat(16) };
    }
  }

  #types(model: string): ReadonlyMap<string, string> {
    const columns = this.#file.prepare(`SELECT * FROM (${model}) m`).columns();
    return new Map(columns.map(({ name, type }) => [name, type ?? '']));
  }

  #tables(): string[] {
    const found = this.#file
      .prepare(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
      )
      .all() as { name: string }[];
    return found.map(({ name }) => name);
  }

  #shape(table: string) {
    interface Column {
      readonly name: string;
      readonly type: string;
      readonly notnull: bigint;
      readonly pk: bigint;
    }
    const found = this.#file.prepare(`PRAGMA table_info(${quote(tableName(table))})`).all() as Column[];
    if (found.length === 0) throw new ConfigInvalid('table', `${table} is not in the source`);
    return {
      columns: found.map(({ name, type, notnull }) => ({ name, declared: type, nullable: notnull === 0n })),
      key: found
        .filter(({ pk }) => pk > 0n)
        .toSorted((a, b) => Number(a.pk - b.pk))
        .map(({ name }) => name),
    };
  }

  #sqliteVersion(): string {
    const [row] = this.#file.prepare('SELECT sqlite_version() AS version').all() as [{ version: string }];
    return row.version;
  }
}

function* usersOf(file: SqliteConnection, users: UsersModel<Row> | null): Generator<ScannedKey> {
  if (users === null) return;
  const { text, values } = statementOf(users.model);
  const statement = file.prepare(`SELECT * FROM (${text}) m WHERE m.${quote(users.key)} IS NOT NULL`);
  for (const row of statement.iterate(...values) as Iterable<Record<string, unknown>>) {
    yield { key: asText(row[users.key]), hash: hashOf(row) };
  }
}

/** 64 bits over the values, each with its type: NULL is not the empty text. */
function hashOf(row: Record<string, unknown>): string {
  const hash = createHash('md5');
  for (const value of Object.values(row)) {
    hash.update(value === null ? '\u0000n' : `\u0000${typeof value}`);
    if (value !== null) hash.update(value instanceof Uint8Array ? value : asText(value));
  }
  return hash.digest('hex').slice(0, 16);
}

/** A key arrives as text; compared as text with a number it would never be equal. */
function affinity(types: ReadonlyMap<string, string>, column: string): string {
  const type = (types.get(column) ?? '').toUpperCase();
  if (type.includes('INT')) return 'INTEGER';
  if (/CHAR|CLOB|TEXT/.test(type)) return 'TEXT';
  return /REAL|FLOA|DOUB|NUM|DEC/.test(type) ? 'NUMERIC' : 'TEXT';
}
