import type { SourceColumn } from '../../model/source.ts';
import type { Dialect } from '../warehouse/warehouse.ts';

/** PostgreSQL's words as far as Redshift has them: no text of a whole row, no cast of booleans to text. */
export const REDSHIFT: Dialect = {
  name: 'Redshift',
  placesAreNumbered: true,
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  place: (at) => `$${at}`,
  asText(expression, column) {
    if (column?.type === 'boolean')
      return `CASE WHEN ${expression} THEN 'true' WHEN NOT ${expression} THEN 'false' END`;
    return column?.type === 'unknown'
      ? `JSON_SERIALIZE(${expression})`
      : `CAST(${expression} AS VARCHAR(65535))`;
  },
  rowHash(columns: readonly SourceColumn[]) {
    const texts = columns.map((column) => {
      const text = this.asText(`m.${this.quote(column.name)}`, column);
      // The length before the text: no two rows have the same whole.
      return `COALESCE(CAST(LENGTH(${text}) AS VARCHAR) || ':' || ${text}, '-')`;
    });
    return `SUBSTRING(MD5(${texts.join(' || ')}), 1, 16)`;
  },
  among: (expression, texts, from) => ({
    condition: `${expression} IN (${texts.map((_, at) => `$${from + at}`).join(', ')})`,
    values: texts,
  }),
};
