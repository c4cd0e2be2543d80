import type { FieldPacket, Pool, RowDataPacket } from 'mysql2/promise';
import type { UsersModel } from '../../config/config.ts';
import type { Row } from '../../config/fields.ts';
import type { SourceColumn } from '../../model/source.ts';
import { placeValues } from '../place-values.ts';
import type { Statement } from '../place-values.ts';
import { quote } from './statement.ts';

/** The model's rows of some keys. Wrapped, not rewritten: the server pushes the filter down where it can. */
export async function readRows(pool: Pool, users: UsersModel<Row>, keys: readonly string[]): Promise<Row[]> {
  const { text, values } = placeValues(users.model);
  const [rows] = await pool.query<RowDataPacket[]>(
    `SELECT * FROM (${text}) m WHERE m.${quote(users.key)} IN (?)`,
    [...values, keys],
  );
  return rows;
}

/** Reads no row: fails as the model would. */
export async function describeModel(pool: Pool, users: UsersModel<Row>): Promise<SourceColumn[]> {
  const { text, values } = placeValues(users.model);
  const [, fields] = await pool.query(`SELECT * FROM (${text}) m LIMIT 0`, [...values]);
  return fields.map((field) => ({ name: field.name, type: typeOfField(field), nullable: true }));
}

/** Every key of the model with a hash of its row, each value as the server writes it. */
export async function usersScan(pool: Pool, users: UsersModel<Row>): Promise<Statement> {
  const { text, values } = placeValues(users.model);
  const columns = await describeModel(pool, users);
  const key = `m.${quote(users.key)}`;
  const parts = columns.map(
    ({ name }) => `COALESCE(CAST(m.${quote(name)} AS CHAR CHARACTER SET utf8mb4), 0x00)`,
  );
  return {
    text: `SELECT CAST(${key} AS CHAR CHARACTER SET utf8mb4), LEFT(MD5(CONCAT_WS(0x1f, ${parts.join(', ')})), 16)
      FROM (${text}) m WHERE ${key} IS NOT NULL`,
    values,
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
