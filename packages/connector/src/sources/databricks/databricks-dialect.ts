import type { Dialect } from '../warehouse/warehouse.ts';

export const DATABRICKS: Dialect = {
  name: 'Databricks',
  placesAreNumbered: true,
  quote: (name) => `\`${name.replaceAll('`', '``')}\``,
  place: (at) => `:p${at}`,
  asText: (expression) => `CAST(${expression} AS STRING)`,
  // Without the option a null would be left out, and two rows could look the same.
  rowHash: () => "substr(md5(to_json(struct(m.*), map('ignoreNullFields', 'false'))), 1, 16)",
  among: (expression, texts, from) => ({
    condition: `array_contains(from_json(:p${from}, 'array<string>'), ${expression})`,
    values: [JSON.stringify(texts)],
  }),
};
