import type { FieldPacket, Pool, PoolConnection, RowDataPacket } from 'mysql2/promise';
import type { Row } from '../../config/fields.ts';
import type { ScannedKey, SourceColumn, SourceTable } from '../../model/source.ts';
import type { Statement } from '../place-values.ts';
import type { RowReader, SqlServer } from '../sql/sql-server.ts';
import { scan } from './scan.ts';
import { STATEMENTS } from './statements.ts';
import { readTables } from './table-shape.ts';

/** MySQL or MariaDB, by a pool of connections that it closes. */
export class MysqlServer implements SqlServer {
  readonly statements = STATEMENTS;
  readonly #pool: Pool;
  #lock: PoolConnection | null = null;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  query(statement: Statement): Promise<readonly Row[]> {
    return readerOf(this.#pool).query(statement);
  }

  async describe({ text, values }: Statement): Promise<readonly SourceColumn[]> {
    const [, fields] = await this.#pool.query(text, [...values]);
    return fields.map((field) => ({ name: field.name, type: typeOfField(field), nullable: true }));
  }

  scan(statement: Statement, signal: AbortSignal): AsyncIterable<readonly ScannedKey[]> {
    return scan(this.#pool, statement, signal);
  }

  tables(): Promise<readonly SourceTable[]> {
    return readTables(this.#pool);
  }

  async lock(name: string): Promise<boolean> {
    const connection = await this.#pool.getConnection();
    const [rows] = await connection.query<RowDataPacket[]>('SELECT GET_LOCK(?, 0) AS taken', [name]);
    const taken = Number(rows[0]?.['taken']) === 1;
    // Held for as long as its connection lives, so a killed process leaves no lock behind.
    if (taken) this.#lock = connection;
    else connection.release();
    return taken;
  }

  async close(): Promise<void> {
    this.#lock?.destroy();
    await this.#pool.end();
  }
}

/** Reads by one connection, or by any of a pool. */
export function readerOf(connection: Pick<Pool, 'query'>): RowReader {
  return {
    async query({ text, values }) {
      const [rows] = await connection.query<RowDataPacket[]>(text, [...values]);
      return rows;
    },
  };
}

/** Numbers of the wire: https://dev.mysql.com/doc/dev/mysql-server/latest/field__types_8h.html */
function typeOfField({ columnType, columnLength }: FieldPacket): string {
  switch (columnType) {
    case 1:
      return columnLength === 1 ? 'boolean' : 'number';
    case 2:
    case 3:
    case 4:
    case 5:
    case 9:
    case 13:
      return 'number';
    case 7:
      return 'Date';
    case 245:
      return 'unknown';
    case undefined:
    default:
      return 'string';
  }
}
