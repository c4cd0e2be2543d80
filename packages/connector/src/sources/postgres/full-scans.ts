import type { Pool } from 'pg';
import type { UsersModel } from '../../config/config.ts';
import type { Row } from '../../config/fields.ts';
import { STATEMENTS } from './statements.ts';

/** Smaller tables are read as a whole with good reason. */
const LARGE_ROWS = 10_000;

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/**
 * The large tables that are read as a whole for the sake of a few users: the filter on the key does not
 * reach their indexes, so that following changes would read them again and again.
 */
export async function fullScans(pool: Pool, users: UsersModel<Row>): Promise<string[]> {
  const { text, values } = STATEMENTS.usersRows(users, ['1', '2', '3', '4']);
  const { rows } = await pool.query<{ 'QUERY PLAN': readonly [{ readonly Plan: PlanNode }] }>(
    `EXPLAIN (FORMAT JSON) ${text}`,
    [...values],
  );
  const scanned = rows[0] === undefined ? [] : scannedBy(rows[0]['QUERY PLAN'][0].Plan);
  const { rows: large } = await pool.query<{ name: string }>(
    'SELECT DISTINCT relname::text AS name FROM pg_class WHERE relname = ANY ($1) AND reltuples >= $2',
    [scanned, LARGE_ROWS],
  );
  return large.map(({ name }) => name);
}

function scannedBy(node: PlanNode): string[] {
  const here = node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? ''] : [];
  return [...here, ...(node.Plans ?? []).flatMap(scannedBy)];
}
