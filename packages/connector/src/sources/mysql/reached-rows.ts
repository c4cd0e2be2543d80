import type { Connection, Pool, RowDataPacket } from 'mysql2/promise';
import { asText } from '../../model/as-text.ts';
import { splitKey } from '../../model/row-key.ts';
import type { ReachedQuery } from '../../model/source.ts';
import type { Change } from '../../model/transition.ts';
import { quote, quoteTable } from './statement.ts';
import type { Statement } from '../place-values.ts';
import type { TableShape } from './table-shape.ts';

const CHUNK = 2000;

/** The rows of a table that are in a state, in the order of their keys, as if they had changed at `at`. */
export async function* reachedRows(
  connection: Connection | Pool,
  shape: TableShape,
  { becomes }: ReachedQuery,
  at: number,
): AsyncGenerator<readonly Change[]> {
  const state = stateCondition(becomes);
  const key = shape.key.map(quote).join(', ');
  let after: readonly string[] | null = null;
  for (;;) {
    const from: string = after === null ? '' : `AND (${key}) > (${shape.key.map(() => '?').join(', ')})`;
    const [rows]: [RowDataPacket[], unknown] = await connection.query<RowDataPacket[]>(
      `SELECT * FROM ${quoteTable(shape.name)} WHERE ${state.text} ${from} ORDER BY ${key} LIMIT ${CHUNK}`,
      [...state.values, ...(after ?? [])],
    );
    const changes: readonly Change[] = rows.map((row) => asChange(shape, row, at));
    if (changes.length > 0) yield changes;
    if (rows.length < CHUNK) return;
    after = changes.at(-1)?.key ?? null;
  }
}

/** The keys of a table's rows that are in a state. Being there is all that counts: their hash is one. */
export function reachedScan(shape: TableShape, { becomes }: ReachedQuery): Statement {
  const state = stateCondition(becomes);
  const key = shape.key.map((column) => `CAST(${quote(column)} AS CHAR CHARACTER SET utf8mb4)`);
  return {
    text: `SELECT CONCAT_WS(0x01, ${key.join(', ')}), '0000000000000000'
      FROM ${quoteTable(shape.name)} WHERE ${state.text}`,
    values: state.values,
  };
}

/** The rows of these keys, as if they had changed at `at`. */
export async function changedRows(
  pool: Pool,
  shape: TableShape,
  keys: readonly string[],
  at: number,
): Promise<readonly Change[]> {
  if (keys.length === 0) return [];
  const [rows] = await pool.query<RowDataPacket[]>(
    `SELECT * FROM ${quoteTable(shape.name)} WHERE (${shape.key.map(quote).join(', ')}) IN (?)`,
    [shape.key.length === 1 ? keys : keys.map(splitKey)],
  );
  return rows.map((row) => asChange(shape, row, at));
}

function asChange(shape: TableShape, row: Record<string, unknown>, at: number): Change {
  const key = shape.key.map((column) => asText(row[column]));
  return { table: shape.name, key, row, before: null, kind: 'update', at };
}

function stateCondition(becomes: Readonly<Record<string, unknown>>): Statement {
  const wanted = Object.entries(becomes);
  return {
    text: wanted.map(([column]) => `${quote(column)} <=> ?`).join(' AND '),
    values: wanted.map(([, value]) => (typeof value === 'boolean' ? Number(value) : value)),
  };
}
