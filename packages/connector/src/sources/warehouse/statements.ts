import type { UsersModel } from '../../config/config.ts';
import type { Model, Row } from '../../config/fields.ts';
import { asText } from '../../model/as-text.ts';
import type { ReachedQuery, SourceColumn } from '../../model/source.ts';
import type { Dialect, WarehouseStatement } from './warehouse.ts';

/** In the state that a trigger waits for, a row is there or it is not. */
const THERE = '0'.repeat(16);

/** Every key of the users model with a hash of its row: the warehouse computes both, and no row leaves it. */
export function usersScan(
  dialect: Dialect,
  { model, key }: UsersModel<Row>,
  columns: readonly SourceColumn[],
): WarehouseStatement {
  const { text, values } = placed(dialect, model);
  const column = keyOf(dialect, key);
  return {
    text: `SELECT ${dialect.asText(column, find(columns, key))} AS k, ${dialect.rowHash(columns)} AS h
FROM (${text}) m WHERE ${column} IS NOT NULL`,
    values,
  };
}

/** The model's rows of some keys. */
export function usersRows(
  dialect: Dialect,
  { model, key }: UsersModel<Row>,
  columns: readonly SourceColumn[],
  keys: readonly string[],
): WarehouseStatement {
  const { text, values } = placed(dialect, model);
  const column = dialect.asText(keyOf(dialect, key), find(columns, key));
  const among = dialect.among(column, keys, values.length + 1);
  return { text: `SELECT * FROM (${text}) m WHERE ${among.condition}`, values: [...values, ...among.values] };
}

export function modelStatement(dialect: Dialect, model: Model<object>): WarehouseStatement {
  const { text, values } = placed(dialect, model);
  return { text: `SELECT * FROM (${text}) m LIMIT 0`, values };
}

/** The keys of a table's rows that are in a state. */
export function reachedScan(
  dialect: Dialect,
  { table, becomes }: ReachedQuery,
  key: readonly string[],
  columns: readonly SourceColumn[],
): WarehouseStatement {
  const values: unknown[] = [];
  const conditions = Object.entries(becomes).map(([name, wanted]) => {
    const column = keyOf(dialect, name);
    if (wanted === null) return `${column} IS NULL`;
    values.push(asText(wanted));
    return `${dialect.asText(column, find(columns, name))} = ${dialect.place(values.length)}`;
  });
  const named = key.map(
    (name, at) => `${dialect.asText(keyOf(dialect, name), find(columns, name))} AS k${at}`,
  );
  return {
    text: `SELECT ${named.join(', ')}, '${THERE}' AS h FROM ${tableName(dialect, table)} m WHERE ${conditions.join(' AND ')}`,
    values,
  };
}

/** Rows of a table by the text of the first column of their key; the caller picks by the others. */
export function tableRows(
  dialect: Dialect,
  table: string,
  key: string,
  columns: readonly SourceColumn[],
  texts: readonly string[],
): WarehouseStatement {
  const column = dialect.asText(keyOf(dialect, key), find(columns, key));
  const { condition, values } = dialect.among(column, texts, 1);
  return { text: `SELECT * FROM ${tableName(dialect, table)} m WHERE ${condition}`, values };
}

export function tableStatement(dialect: Dialect, table: string): WarehouseStatement {
  return { text: `SELECT * FROM ${tableName(dialect, table)} m LIMIT 0`, values: [] };
}

/** As the configuration names it: `orders`, `sales.orders` or `shop.sales.orders`. */
function tableName(dialect: Dialect, table: string): string {
  const bare = table.startsWith('public.') ? table.slice('public.'.length) : table;
  return bare
    .split('.')
    .map((part) => dialect.quote(part))
    .join('.');
}

function keyOf(dialect: Dialect, name: string): string {
  return `m.${dialect.quote(name)}`;
}

function find(columns: readonly SourceColumn[], name: string): SourceColumn | null {
  return columns.find((column) => column.name === name) ?? null;
}

/** The values of a model where the warehouse wants them. */
function placed(dialect: Dialect, { text, values }: Model<object>): WarehouseStatement {
  const bare = text.replace(/[\s;]+$/, '');
  if (dialect.placesAreNumbered) {
    return {
      text: bare.replaceAll(/\$(\d+)/g, (_, number: string) => dialect.place(Number(number))),
      values,
    };
  }
  const used: unknown[] = [];
  const placed = bare.replaceAll(/\$(\d+)/g, (_, number: string) => {
    used.push(values[Number(number) - 1]);
    return dialect.place(used.length);
  });
  return { text: placed, values: used };
}
