import type Database from 'better-sqlite3';
import { loadDriver } from '../load-driver.ts';

/** What both drivers can do, as far as it is of use. */
export interface SqliteStatement {
  all(...values: unknown[]): unknown[];
  iterate(...values: unknown[]): IterableIterator<unknown>;
  run(...values: unknown[]): { readonly changes: number | bigint };
  columns(): readonly { readonly name: string; readonly type: string | null }[];
}

export interface SqliteConnection {
  prepare(text: string): SqliteStatement;
  exec(text: string): void;
  close(): void;
}

/** Since when Node has SQLite without a flag. */
const BUILT_IN: readonly [number, number] = [22, 13];
const DRIVER = 'better-sqlite3';
/** By a name that nothing resolves before it is used: tests build the driver as they begin. */
const importDriver = (): Promise<{ readonly default: typeof Database }> => import(/* @vite-ignore */ DRIVER);
/** How long a writer of the application is waited for. */
const BUSY_MS = 10_000;

/** Node's own SQLite where it has one, else better-sqlite3. Whole numbers come as bigint. */
export async function openSqliteFile(path: string, readOnly: boolean): Promise<SqliteConnection> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > BUILT_IN[0] || (major === BUILT_IN[0] && minor >= BUILT_IN[1])) return builtIn(path, readOnly);
  const { default: Driver } = await loadDriver(DRIVER, importDriver);
  const database = new Driver(path, { readonly: readOnly, fileMustExist: true, timeout: BUSY_MS });
  database.defaultSafeIntegers(true);
  return database;
}

/** Node's own, which the types of the Node we build with do not know. */
type BuiltIn = new (
  path: string,
  options: { readonly readOnly: boolean; readonly timeout: number },
) => {
  prepare(text: string): SqliteStatement & { setReadBigInts(on: boolean): void };
  exec(text: string): void;
  close(): void;
};

async function builtIn(path: string, readOnly: boolean): Promise<SqliteConnection> {
  const name = 'node:sqlite';
  const { DatabaseSync } = (await import(name)) as { readonly DatabaseSync: BuiltIn };
  const database = new DatabaseSync(path, { readOnly, timeout: BUSY_MS });
  return {
    exec: (text) => database.exec(text),
    close: () => database.close(),
    prepare(text) {
      const statement = database.prepare(text);
      statement.setReadBigInts(true);
      return statement;
    },
  };
}
