import type { Pool } from 'pg';
import type { Change } from '../../model/transition.ts';
import { splitKey } from '../../model/row-key.ts';
import { quote, quoteTable } from './quote.ts';
import { asChange } from './reached-rows.ts';
import type { TableShape } from './table-shape.ts';

/** The rows of these keys, as if they had changed at `at`. */
export async function changedRows(
  pool: Pool,
  shape: TableShape,
  keys: readonly string[],
  at: number,
): Promise<readonly Change[]> {
  if (keys.length === 0) return [];
  const width = shape.key.length;
  const values = keys.flatMap((key) => splitKey(key));
  const places = keys.map(
    (_, row) => `(${shape.key.map((_, column) => `$${row * width + column + 1}`).join(', ')})`,
  );
  const { rows } = await pool.query<Record<string, unknown>>(
    `SELECT * FROM ${quoteTable(shape.name)} WHERE (${shape.key.map(quote).join(', ')}) IN (${places.join(', ')})`,
    values,
  );
  return rows.map((row) => asChange(shape, row, at));
}
