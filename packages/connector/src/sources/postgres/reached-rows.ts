import { asText } from '../../model/as-text.ts';
import type { ClientBase, Pool, QueryResult } from 'pg';
import type { ReachedQuery } from '../../model/source.ts';
import type { Change } from '../../model/transition.ts';
import { quote, quoteTable } from './quote.ts';
import type { TableShape } from './table-shape.ts';

const CHUNK = 2000;

/** The rows of a table that are in a state, in the order of their keys, as if they had changed at `at`. */
export async function* reachedRows(
  client: ClientBase | Pool,
  shape: TableShape,
  { becomes }: ReachedQuery,
  at: number,
): AsyncGenerator<readonly Change[]> {
  const { conditions, values } = stateCondition(becomes);
  const key = shape.key.map(quote).join(', ');
  let after: readonly string[] | null = null;
  for (;;) {
    const places = shape.key.map((_, i) => `$${values.length + i + 1}`).join(', ');
    const from: string[] = after === null ? [] : [`(${key}) > (${places})`];
    const { rows }: QueryResult<Record<string, unknown>> = await client.query(
      `SELECT * FROM ${quoteTable(shape.name)} WHERE ${[...conditions, ...from].join(' AND ')}
       ORDER BY ${key} LIMIT ${CHUNK}`,
      [...values, ...(after ?? [])],
    );
    const changes: readonly Change[] = rows.map((row) => asChange(shape, row, at));
    if (changes.length > 0) yield changes;
    if (rows.length < CHUNK) return;
    after = changes.at(-1)?.key ?? null;
  }
}

/** Is a row in a state? Compared as text, so that 7 and '7' are one. */
export function stateCondition(becomes: Readonly<Record<string, unknown>>): {
  readonly conditions: readonly string[];
  readonly values: readonly string[];
} {
  const values: string[] = [];
  const conditions = Object.entries(becomes).map(([column, value]) => {
    if (value === null) return `${quote(column)} IS NULL`;
    return `${quote(column)}::text = $${values.push(asText(value))}::text`;
  });
  return { conditions, values };
}

export function asChange(shape: TableShape, row: Record<string, unknown>, at: number): Change {
  const key = shape.key.map((column) => asText(row[column]));
  return { table: shape.name, key, row, before: null, kind: 'update', at };
}
