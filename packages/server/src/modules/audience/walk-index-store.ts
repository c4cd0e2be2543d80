import { statement } from '../../platform/database/database.ts';
import type { Database, Queryable } from '../../platform/database/database.ts';

/**
 * Where 5,000 of a lane are asked for, the planner would rather read all of it and sort: 25,000 rows of a lane
 * of 25,000, and again for each page. What is ruled out counts as dear where it is needed all the same, which must
 * not make PostgreSQL compile a statement of milliseconds. Memory, because a set of users to whom something has
 * happened that is too large for it is searched from its beginning for each user, instead of hashed.
 */
const inOrder = statement(
  'audience.walk-in-order',
  `select set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true),
     set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true),
     set_config('work_mem', '64MB', true)`,
);

/** Can open a transaction, as `Database` does. */
export type Walkable = Pick<Database, 'transaction'>;

/** Runs a statement that walks along an index, and leaves the planner no other way. */
export function walkIndex<Result>(
  database: Walkable,
  work: (queryable: Queryable) => Promise<Result>,
): Promise<Result> {
  return database.transaction(async (transaction) => {
    await transaction.run(inOrder);
    return work(transaction);
  });
}
