import type { Model } from '../../config/fields.ts';
import { asText } from '../../model/as-text.ts';
import { splitKey } from '../../model/row-key.ts';
import type { ReachedQuery } from '../../model/source.ts';
import type { Statement } from '../place-values.ts';
import type { SqlStatements } from '../sql/sql-server.ts';
import { quote, quoteTable } from './quote.ts';

/** What a source asks of PostgreSQL. */
export const STATEMENTS: SqlStatements = {
  /** Rows without a key are nobody's. */
  usersScan({ model, key }) {
    const column = `m.${quote(key)}`;
    return {
      text: `SELECT ${column}::text, encode(int8send(hashtextextended(m::text, 0)), 'hex')
        FROM (${bare(model)}) m WHERE ${column} IS NOT NULL ORDER BY ${column}`,
      values: model.values,
    };
  },

  /** Wrapped, not rewritten: PostgreSQL pushes the filter down where it can. */
  usersRows({ model, key }, keys) {
    return {
      text: `SELECT * FROM (${bare(model)}) m WHERE m.${quote(key)} = ANY ($${model.values.length + 1})`,
      values: [...model.values, keys],
    };
  },

  columns: (model) => ({ text: `SELECT * FROM (${bare(model)}) m LIMIT 0`, values: model.values }),

  reachedScan({ name, key }, becomes) {
    const { text, values } = stateCondition(becomes);
    const columns = key.map(quote);
    return {
      text: `SELECT ${columns.map((column) => `${column}::text`).join(` || E'\\x01' || `)}, '0000000000000000'
        FROM ${quoteTable(name)} WHERE ${text} ORDER BY ${columns.join(', ')}`,
      values,
    };
  },

  reachedPage({ name, key }, becomes, after, limit) {
    const { text, values } = stateCondition(becomes);
    const columns = key.map(quote).join(', ');
    const places = key.map((_, at) => `$${values.length + at + 1}`).join(', ');
    const from = after === null ? '' : `AND (${columns}) > (${places})`;
    return {
      text: `SELECT * FROM ${quoteTable(name)} WHERE ${text} ${from} ORDER BY ${columns} LIMIT ${limit}`,
      values: [...values, ...(after ?? [])],
    };
  },

  tableRows({ name, key }, keys) {
    const width = key.length;
    const places = keys.map(
      (_, row) => `(${key.map((_, column) => `$${row * width + column + 1}`).join(', ')})`,
    );
    return {
      text: `SELECT * FROM ${quoteTable(name)} WHERE (${key.map(quote).join(', ')}) IN (${places.join(', ')})`,
      values: keys.flatMap((joined) => splitKey(joined)),
    };
  },
};

/** Without the end that would close the brackets around it. */
function bare({ text }: Model<object>): string {
  return text.replace(/[\s;]+$/, '');
}

/** Is a row in a state? Compared as text, so that 7 and '7' are one. */
function stateCondition(becomes: ReachedQuery['becomes']): Statement {
  const values: string[] = [];
  const conditions = Object.entries(becomes).map(([column, value]) => {
    if (value === null) return `${quote(column)} IS NULL`;
    return `${quote(column)}::text = $${values.push(asText(value))}::text`;
  });
  return { text: conditions.join(' AND '), values };
}
