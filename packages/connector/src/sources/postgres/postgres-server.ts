import type pg from 'pg';
import type { Row } from '../../config/fields.ts';
import type { ScannedKey, SourceColumn, SourceTable } from '../../model/source.ts';
import type { Statement } from '../place-values.ts';
import type { RowReader, SqlServer } from '../sql/sql-server.ts';
import { columnsOf, readTables } from './column-types.ts';
import { scan } from './scan.ts';
import { STATEMENTS } from './statements.ts';

/** PostgreSQL, by a pool of connections that it closes. */
export class PostgresServer implements SqlServer {
  readonly statements = STATEMENTS;
  readonly #pool: pg.Pool;
  #lock: pg.PoolClient | null = null;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  query(statement: Statement): Promise<readonly Row[]> {
    return readerOf(this.#pool).query(statement);
  }

  async describe({ text, values }: Statement): Promise<readonly SourceColumn[]> {
    const { fields } = await this.#pool.query(text, [...values]);
    return columnsOf(fields);
  }

  scan(statement: Statement, signal: AbortSignal): AsyncIterable<readonly ScannedKey[]> {
    return scan(this.#pool, statement, signal);
  }

  tables(): Promise<readonly SourceTable[]> {
    return readTables(this.#pool);
  }

  async lock(name: string): Promise<boolean> {
    const client = await this.#pool.connect();
    const { rows } = await client.query<{ taken: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken',
      [name],
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

/** Reads by one connection, or by any of a pool. */
export function readerOf(connection: pg.ClientBase | pg.Pool): RowReader {
  return {
    async query({ text, values }) {
      const { rows } = await connection.query<Record<string, unknown>>(text, [...values]);
      return rows;
    },
  };
}
