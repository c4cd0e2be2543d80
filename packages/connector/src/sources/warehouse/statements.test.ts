import { describe, expect, it } from 'vitest';
import { sql } from '../../index.ts';
import { BIGQUERY } from '../bigquery/bigquery-dialect.ts';
import { DATABRICKS } from '../databricks/databricks-dialect.ts';
import { REDSHIFT } from '../redshift/redshift-dialect.ts';
import { SNOWFLAKE } from '../snowflake/snowflake-dialect.ts';
import { reachedScan, usersRows, usersScan } from './statements.ts';

const MODEL = sql`SELECT * FROM people WHERE a = ${'x'} OR b = ${'x'};`;
const USERS = { model: MODEL, key: 'id', dirtyWhen: {} };
const COLUMNS = [
  { name: 'id', type: 'string', nullable: false },
  { name: 'active', type: 'boolean', nullable: true },
];

describe('what a warehouse is asked', () => {
  it('for keys and hashes of all users', () => {
    expect(
      [SNOWFLAKE, BIGQUERY, DATABRICKS, REDSHIFT].map((dialect) => usersScan(dialect, USERS, COLUMNS).text),
    ).toEqual([
      `SELECT TO_VARCHAR(m.id) AS k, SUBSTR(MD5(TO_JSON(OBJECT_CONSTRUCT_KEEP_NULL(m.*))), 1, 16) AS h
FROM (SELECT * FROM people WHERE a = ? OR b = ?) m WHERE m.id IS NOT NULL`,
      `SELECT CAST(m.\`id\` AS STRING) AS k, SUBSTR(TO_HEX(MD5(TO_JSON_STRING(m))), 1, 16) AS h
FROM (SELECT * FROM people WHERE a = @p1 OR b = @p2) m WHERE m.\`id\` IS NOT NULL`,
      `SELECT CAST(m.\`id\` AS STRING) AS k, substr(md5(to_json(struct(m.*), map('ignoreNullFields', 'false'))), 1, 16) AS h
FROM (SELECT * FROM people WHERE a = :p1 OR b = :p2) m WHERE m.\`id\` IS NOT NULL`,
      `SELECT CAST(m."id" AS VARCHAR(65535)) AS k, SUBSTRING(MD5(COALESCE(CAST(LENGTH(CAST(m."id" AS VARCHAR(65535))) AS VARCHAR) || ':' || CAST(m."id" AS VARCHAR(65535)), '-') || COALESCE(CAST(LENGTH(CASE WHEN m."active" THEN 'true' WHEN NOT m."active" THEN 'false' END) AS VARCHAR) || ':' || CASE WHEN m."active" THEN 'true' WHEN NOT m."active" THEN 'false' END, '-')), 1, 16) AS h
FROM (SELECT * FROM people WHERE a = $1 OR b = $2) m WHERE m."id" IS NOT NULL`,
    ]);
  });

  it('for the rows of some keys, as one value however many they are', () => {
    const asked = [SNOWFLAKE, BIGQUERY, DATABRICKS].map((dialect) =>
      usersRows(dialect, USERS, COLUMNS, ['1', "o'2"]),
    );
    expect(asked.map(({ text }) => text.split(' m WHERE ')[1])).toEqual([
      'TO_VARCHAR(m.id) IN (SELECT value::varchar FROM TABLE(FLATTEN(INPUT => PARSE_JSON(?))))',
      'CAST(m.`id` AS STRING) IN UNNEST(JSON_VALUE_ARRAY(@p3))',
      "array_contains(from_json(:p3, 'array<string>'), CAST(m.`id` AS STRING))",
    ]);
    for (const { values } of asked) expect(values).toEqual(['x', 'x', '["1","o\'2"]']);
  });

  it('for the rows that have reached a state, without a value in its text', () => {
    const query = { table: 'public.orders', becomes: { status: "it's", active: true, gone: null } };
    expect(reachedScan(SNOWFLAKE, query, ['id', 'Line No'], COLUMNS)).toEqual({
      text: `SELECT TO_VARCHAR(m.id) AS k0, TO_VARCHAR(m."Line No") AS k1, '0000000000000000' AS h FROM orders m WHERE TO_VARCHAR(m.status) = ? AND TO_VARCHAR(m.active) = ? AND m.gone IS NULL`,
      values: ["it's", 'true'],
    });
    expect(reachedScan(BIGQUERY, { ...query, table: 'shop.sales.orders' }, ['id'], COLUMNS).text).toContain(
      'FROM `shop`.`sales`.`orders` m WHERE CAST(m.`status` AS STRING) = @p1 AND CAST(m.`active` AS STRING) = @p2',
    );
  });
});
