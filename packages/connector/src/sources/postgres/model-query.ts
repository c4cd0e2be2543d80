import type { Pool } from 'pg';
import type { UsersModel } from '../../config/config.ts';
import type { Row } from '../../config/fields.ts';
import { quote } from './quote.ts';

/** The next keys of the model, in their order. */
export async function readKeys(
  pool: Pool,
  users: UsersModel<Row>,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const { text, values } = users.model;
  const key = `m.${quote(users.key)}`;
  const query = `SELECT ${key}::text AS key FROM (${bare(text)}) m
    ${after === null ? '' : `WHERE ${key} > $${values.length + 2}`} ORDER BY ${key} LIMIT $${values.length + 1}`;
  const { rows } = await pool.query<{ key: string }>(query, [
    ...values,
    limit,
    ...(after === null ? [] : [after]),
  ]);
  return rows.map((row) => row.key);
}

/** The model's rows of some keys. Wrapped, not rewritten: PostgreSQL pushes the filter down where it can. */
export async function readRows(pool: Pool, users: UsersModel<Row>, keys: readonly string[]): Promise<Row[]> {
  const { text, values } = users.model;
  const query = `SELECT * FROM (${bare(text)}) m WHERE m.${quote(users.key)} = ANY ($${values.length + 1})`;
  return (await pool.query<Record<string, unknown>>(query, [...values, keys])).rows;
}

/** Reads no row: fails as the model would. Gives the names of its columns. */
export async function describeModel(pool: Pool, users: UsersModel<Row>): Promise<string[]> {
  const { text, values } = users.model;
  const { fields } = await pool.query(`SELECT * FROM (${bare(text)}) m LIMIT 0`, [...values]);
  return fields.map((field) => field.name);
}

function bare(text: string): string {
  return text.replace(/[\s;]+$/, '');
}
