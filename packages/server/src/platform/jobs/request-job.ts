import { statement } from '../database/database.ts';
import type { Queryable } from '../database/database.ts';

const add = statement(
  'jobs.add',
  `select graphile_worker.add_job($1, run_at => $2, job_key => $3, max_attempts => 25)`,
);

/**
 * Asks for a run of a job at `at` (milliseconds), besides its calendar. Committed with the
 * transaction, and kept until it is done; a worker that has a moment takes it, and tries again with
 * growing pauses when it fails. A second request under the same `key` takes the place of one that
 * waits.
 */
export async function requestJob(
  transaction: Queryable,
  { name, key, at }: { readonly name: string; readonly key: string; readonly at: number },
): Promise<void> {
  await transaction.run(add, [name, new Date(at), `${name}:${key}`]);
}
