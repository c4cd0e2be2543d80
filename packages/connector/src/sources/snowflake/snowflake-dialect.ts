import type { Dialect } from '../warehouse/warehouse.ts';

export const SNOWFLAKE: Dialect = {
  name: 'Snowflake',
  placesAreNumbered: false,
  // Names that were made without quotes are in capitals there; written without quotes they are found as well.
  quote: (name) => (/^[A-Za-z_][\w$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`),
  place: () => '?',
  asText: (expression) => `TO_VARCHAR(${expression})`,
  rowHash: () => 'SUBSTR(MD5(TO_JSON(OBJECT_CONSTRUCT_KEEP_NULL(m.*))), 1, 16)',
  among: (expression, texts) => ({
    condition: `${expression} IN (SELECT value::varchar FROM TABLE(FLATTEN(INPUT => PARSE_JSON(?))))`,
    values: [JSON.stringify(texts)],
  }),
};
