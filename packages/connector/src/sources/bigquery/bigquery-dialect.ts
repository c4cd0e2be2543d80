import type { Dialect } from '../warehouse/warehouse.ts';

export const BIGQUERY: Dialect = {
  name: 'BigQuery',
  placesAreNumbered: true,
  quote: (name) => `\`${name.replaceAll('`', String.raw`\``)}\``,
  place: (at) => `@p${at}`,
  asText: (expression) => `CAST(${expression} AS STRING)`,
  rowHash: () => 'SUBSTR(TO_HEX(MD5(TO_JSON_STRING(m))), 1, 16)',
  among: (expression, texts, from) => ({
    condition: `${expression} IN UNNEST(JSON_VALUE_ARRAY(@p${from}))`,
    values: [JSON.stringify(texts)],
  }),
};
