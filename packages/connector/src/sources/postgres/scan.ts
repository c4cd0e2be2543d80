import pg from 'pg';
import type { Pool } from 'pg';
import type { UsersModel } from '../../config/config.ts';
import type { Row } from '../../config/fields.ts';
import type { ReachedQuery, ScannedKey } from '../../model/source.ts';
import { bare } from './model-query.ts';
import { quote, quoteTable } from './quote.ts';
import { stateCondition } from './reached-rows.ts';
import type { TableShape } from './table-shape.ts';

/** Rows a round trip: few enough that they are garbage before they grow old in the heap. */
const FETCH = 2_000;

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Every key of the model with a hash of its row. Rows without a key are nobody's. */
export function usersScan({ model, key }: UsersModel<Row>): Statement {
  const column = `m.${quote(key)}`;
  return {
    text: `SELECT ${column}::text, encode(int8send(hashtextextended(m::text, 0)), 'hex')
      FROM (${bare(model.text)}) m WHERE ${column} IS NOT NULL ORDER BY ${column}`,
    values: model.values,
  };
}

/** The keys of a table's rows that are in a state. Being there is all that counts: their hash is one. */
export function reachedScan(shape: TableShape, { becomes }: ReachedQuery): Statement {
  const { conditions, values } = stateCondition(becomes);
  const key = shape.key.map(quote);
  return {
    text: `SELECT ${key.map((column) => `${column}::text`).join(` || E'\\x01' || `)}, '0000000000000000'
      FROM ${quoteTable(shape.name)} WHERE ${conditions.join(' AND ')} ORDER BY ${key.join(', ')}`,
    values,
  };
}

/**
 * Runs a scan through a cursor, in one snapshot. Values are written the same in every session, or
 * every row would look changed after somebody has changed a setting of the role.
 */
export async function* scan(
  pool: Pool,
  { text, values }: Statement,
  signal: AbortSignal,
): AsyncGenerator<readonly ScannedKey[]> {
  const client = await pool.connect();
  try {
    await client.query(
      `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL extra_float_digits = 1; SET LOCAL timezone = 'UTC';
       SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'iso_8601'; SET LOCAL bytea_output = 'hex';
       SET LOCAL cursor_tuple_fraction = 1`,
    );
    await client.query(`DECLARE scan NO SCROLL CURSOR FOR ${text}`, [...values]);
    while (!signal.aborted) {
      const { rows } = await client.query<[string, string]>({
        text: `FETCH ${FETCH} FROM scan`,
        rowMode: 'array',
        types: pg.types,
      });
      if (rows.length > 0) yield rows.map(([key, hash]) => ({ key, hash }));
      if (rows.length < FETCH) return;
    }
  } finally {
    // With its connection, so that a reader that stops in the middle leaves no transaction open.
    client.release(true);
  }
}
