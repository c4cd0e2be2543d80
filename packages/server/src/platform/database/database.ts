import pg from 'pg';
import { copyInto } from './copy-into.ts';
import type { Copy } from './copy-into.ts';
import { readInParts } from './read-in-parts.ts';
import { retryTransient } from './retry.ts';

/**
 * A statement with a name is planned once per connection and then only bound, which is worth a
 * third of the CPU of a small read. One name stands for one text in the whole program.
 */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** What can run statements: a database, or an open transaction on it. */
export interface Queryable {
  /** Runs one statement and returns its rows. */
  rows<Row extends object>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs one statement for its effect and returns how many rows it touched. */
  run(statement: Statement, values?: readonly unknown[]): Promise<number>;
}

/** Where several statements can be put into one transaction. */
export interface Transactional extends Queryable {
  /** Commits what `work` has done, or undoes all of it when `work` throws. */
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
}

/** An open transaction. */
export interface Transaction extends Queryable {
  /**
   * Runs COPYs, one after the other, with rows that `CopyRows` has made; `onCopied` is called after each with
   * its place. A key that exists already fails the whole transaction (`isUniqueViolation`).
   */
  copy(copies: readonly Copy[], onCopied?: (place: number) => void): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** Most connections this pool opens. */
  readonly connections: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Settings given to each new connection, such as `enable_seqscan: 'off'`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Called when an idle connection breaks. The pool replaces it by itself. */
  readonly onConnectionLost?: (error: Error) => void;
}

/** A batch is one parameter of this form: `jsonb_to_recordset($1::jsonb)`. Strings must be free of NUL. */
export function asJson(rows: readonly object[]): string {
  return JSON.stringify(rows);
}

/** Declares a named statement; `name` is unique in the program and says who runs it: `users.by-alias`. */
export function statement(name: string, text: string): Statement {
  return { name, text };
}

/** bigint columns hold positions, epochs and counts, all far below 2^53. */
const TYPES: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === pg.types.builtins.INT8 && format !== 'binary') return Number;
    return pg.types.getTypeParser(oid, format);
  },
};

export class Database implements Transactional {
  readonly #pool: pg.Pool;

  constructor(options: DatabaseOptions) {
    const settings = Object.entries(options.settings ?? {})
      .map(([name, value]) => `set ${name} = '${value.replaceAll("'", "''")}'`)
      .join('; ');
    this.#pool = new pg.Pool({
      connectionString: options.url,
      max: options.connections,
      application_name: options.applicationName,
      types: TYPES,
      idleTimeoutMillis: 60_000,
      // The pool waits for what this returns before it hands the connection out, whatever the types say.
      ...(settings !== '' && { onConnect: (client) => client.query(settings) as unknown as void }),
    });
    // A connection that is being closed may hear of the server's end first: nothing is lost by that.
    this.#pool.on('error', (error) => {
      if (!this.#pool.ending) options.onConnectionLost?.(error);
    });
  }

  async rows<Row extends object>(statement: Statement, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.#pool.query<Row>({ ...statement, values: values as unknown[] })).rows;
  }

  async run(statement: Statement, values: readonly unknown[] = []): Promise<number> {
    return (await this.#pool.query({ ...statement, values: values as unknown[] })).rowCount ?? 0;
  }

  /**
   * Runs `work` in one transaction and commits it; rolls back when `work` throws. Deadlocks and
   * serialization failures run `work` again, so it must have no effect outside the transaction.
   */
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return retryTransient(() => this.#attempt('begin', work));
  }

  /** Runs `read` on the database as it is at one moment: what several statements find belongs together. */
  snapshot<Result>(read: (snapshot: Queryable) => Promise<Result>): Promise<Result> {
    return retryTransient(() => this.#attempt('begin isolation level repeatable read read only', read));
  }

  /**
   * The rows of one statement as the database is at one moment, at most `most` at a time. Holds a connection until
   * the end, or until the reader stops. The statement's name is not used.
   */
  async *inParts<Row extends object>(
    { text }: Statement,
    values: readonly unknown[],
    most: number,
  ): AsyncGenerator<Row[], void, undefined> {
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    // As in `#attempt`.
    const onError = (error: Error) => (broken = error);
    client.on('error', onError);
    try {
      yield* readInParts<Row>(client, text, values, most);
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  async #attempt<Result>(
    begin: string,
    work: (transaction: Transaction) => Promise<Result>,
  ): Promise<Result> {
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    // A connection that breaks between two statements says so in an event of its own, which would end
    // the process if nobody listened. The next statement fails by it.
    const onError = (error: Error) => (broken = error);
    client.on('error', onError);
    try {
      await client.query(begin);
      const result = await work(transactionOn(client));
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((failure: Error) => (broken = failure));
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  /**
   * A connection of one's own, outside the pool's turn: for LISTEN and session locks. End it with
   * `release`. Listen to its `error` event at once: without a listener a broken connection ends the process.
   */
  async session(): Promise<pg.PoolClient> {
    return this.#pool.connect();
  }

  async end(): Promise<void> {
    await this.#pool.end();
  }
}

function transactionOn(client: pg.PoolClient): Transaction {
  return {
    rows: async <Row extends object>(statement: Statement, values: readonly unknown[] = []) =>
      (await client.query<Row>({ ...statement, values: values as unknown[] })).rows,
    run: async (statement, values = []) =>
      (await client.query({ ...statement, values: values as unknown[] })).rowCount ?? 0,
    copy: (copies, onCopied) => copyInto(client, copies, onCopied),
  };
}

const SAVEPOINT = statement('', 'savepoint part');
const RELEASE = statement('', 'release savepoint part');
const ROLLBACK = statement('', 'rollback to savepoint part');

/**
 * An open transaction in the place of a database: its transactions are parts of the open one, which can fail
 * without it. One part at a time, and nothing beside it. A deadlock is for the open one to repeat.
 */
export function within(transaction: Transaction): Transactional {
  return {
    rows: (statement, values) => transaction.rows(statement, values),
    run: (statement, values) => transaction.run(statement, values),
    async transaction(work) {
      await transaction.run(SAVEPOINT);
      try {
        const result = await work(transaction);
        await transaction.run(RELEASE);
        return result;
      } catch (error) {
        await transaction.run(ROLLBACK);
        throw error;
      }
    },
  };
}
