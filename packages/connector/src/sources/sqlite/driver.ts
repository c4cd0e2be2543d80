import { isBuiltin } from 'node:module';
import type Database from 'better-sqlite3';
import { loadPart } from '../load-part.ts';

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

const DRIVER = 'better-sqlite3';
/** By a name that nothing resolves before it is used: tests build the driver as they begin. */
const importDriver = (): Promise<{ readonly default: typeof Database }> => import(/* @vite-ignore */ DRIVER);
/** How long a writer of the application is waited for. */
const BUSY_MS = 10_000;

/** Node's own SQLite where it has one, else better-sqlite3. Whole numbers come as bigint. */
export async function openSqliteFile(path: string, readOnly: boolean): Promise<SqliteConnection> {
  if (await isBuiltIn()) return builtIn(path, readOnly);
  const { default: Driver } = await loadPart(DRIVER, importDriver);
  const database = new Driver(path, { readonly: readOnly, fileMustExist: true, timeout: BUSY_MS });
  database.defaultSafeIntegers(true);
  return database;
}

/** Node's own, which the types of the Node we build with do not know. */
interface BuiltIn {
  readonly DatabaseSync: new (
    path: string,
    options: { readonly readOnly: boolean },
  ) => {
    prepare(text: string): SqliteStatement & { setReadBigInts(on: boolean): void };
    exec(text: string): void;
    close(): void;
  };
  readonly StatementSync: { readonly prototype: object };
}

/** By a name that older ones do not know, and nothing resolves before it is used. */
const BUILT_IN = 'node:sqlite';
const importBuiltIn = async (): Promise<BuiltIn> => (await import(/* @vite-ignore */ BUILT_IN)) as BuiltIn;

/** The first ones that were built in (22.13 to 22.15) did not tell the columns of a statement. */
async function isBuiltIn(): Promise<boolean> {
  if (!isBuiltin(BUILT_IN)) return false;
  return 'columns' in (await importBuiltIn()).StatementSync.prototype;
}

async function builtIn(path: string, readOnly: boolean): Promise<SqliteConnection> {
  const { DatabaseSync } = await importBuiltIn();
  const database = new DatabaseSync(path, { readOnly });
  database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
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
