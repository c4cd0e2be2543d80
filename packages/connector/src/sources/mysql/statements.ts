import type { ReachedQuery } from '../../model/source.ts';
import { splitKey } from '../../model/row-key.ts';
import { placeValues } from '../place-values.ts';
import type { Statement } from '../place-values.ts';
import type { SqlStatements } from '../sql/sql-server.ts';
import { quote, quoteTable } from './quote.ts';

/** What a source asks of MySQL and MariaDB. */
export const STATEMENTS: SqlStatements = {
  /** Each value as the server writes it. */
  usersScan(users, columns) {
    const { text, values } = placeValues(users.model);
    const key = `m.${quote(users.key)}`;
    const parts = columns.map(({ name }) => `COALESCE(${asText(`m.${quote(name)}`)}, 0x00)`);
    return {
      text: `SELECT ${asText(key)}, LEFT(MD5(CONCAT_WS(0x1f, ${parts.join(', ')})), 16)
        FROM (${text}) m WHERE ${key} IS NOT NULL`,
      values,
    };
  },

  /** Wrapped, not rewritten: the server pushes the filter down where it can. */
  usersRows(users, keys) {
    const { text, values } = placeValues(users.model);
    return {
      text: `SELECT * FROM (${text}) m WHERE m.${quote(users.key)} IN (?)`,
      values: [...values, keys],
    };
  },

  columns(model) {
    const { text, values } = placeValues(model);
    return { text: `SELECT * FROM (${text}) m LIMIT 0`, values };
  },

  reachedScan({ name, key }, becomes) {
    const state = stateCondition(becomes);
    const columns = key.map((column) => asText(quote(column)));
    return {
      text: `SELECT CONCAT_WS(0x01, ${columns.join(', ')}), '0000000000000000'
        FROM ${quoteTable(name)} WHERE ${state.text}`,
      values: state.values,
    };
  },

  reachedPage({ name, key }, becomes, after, limit) {
    const state = stateCondition(becomes);
    const columns = key.map(quote).join(', ');
    const from = after === null ? '' : `AND (${columns}) > (${key.map(() => '?').join(', ')})`;
    return {
      text: `SELECT * FROM ${quoteTable(name)} WHERE ${state.text} ${from} ORDER BY ${columns} LIMIT ${limit}`,
      values: [...state.values, ...(after ?? [])],
    };
  },

  tableRows({ name, key }, keys) {
    return {
      text: `SELECT * FROM ${quoteTable(name)} WHERE (${key.map(quote).join(', ')}) IN (?)`,
      values: [key.length === 1 ? keys : keys.map(splitKey)],
    };
  },
};

function asText(expression: string): string {
  return `CAST(${expression} AS CHAR CHARACTER SET utf8mb4)`;
}

function stateCondition(becomes: ReachedQuery['becomes']): Statement {
  const wanted = Object.entries(becomes);
  return {
    text: wanted.map(([column]) => `${quote(column)} <=> ?`).join(' AND '),
    values: wanted.map(([, value]) => (typeof value === 'boolean' ? Number(value) : value)),
  };
}
