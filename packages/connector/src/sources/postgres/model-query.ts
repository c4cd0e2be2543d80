import type { Pool } from 'pg';
import type { UsersModel } from '../../config/config.ts';
import type { Row } from '../../config/fields.ts';
import type { SourceColumn } from '../../model/source.ts';
import { columnsOf } from './column-types.ts';
import { quote } from './quote.ts';

/** The model's rows of some keys. Wrapped, not rewritten: PostgreSQL pushes the filter down where it can. */
export async function readRows(pool: Pool, users: UsersModel<Row>, keys: readonly string[]): Promise<Row[]> {
  const { text, values } = users.model;
  const query = `SELECT * FROM (${bare(text)}) m WHERE m.${quote(users.key)} = ANY ($${values.length + 1})`;
  return (await pool.query<Record<string, unknown>>(query, [...values, keys])).rows;
}

/** Reads no row: fails as the model would. */
export async function describeModel(pool: Pool, users: UsersModel<Row>): Promise<SourceColumn[]> {
  const { text, values } = users.model;
  const { fields } = await pool.query(`SELECT * FROM (${bare(text)}) m LIMIT 0`, [...values]);
  return columnsOf(fields);
}

export function bare(text: string): string {
  return text.replace(/[\s;]+$/, '');
}
