import pg from 'pg';
import type { Pool } from 'pg';
import type { ScannedKey } from '../../model/source.ts';
import type { Statement } from '../place-values.ts';

/** Rows a round trip: few enough that they are garbage before they grow old in the heap. */
const FETCH = 2_000;

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
