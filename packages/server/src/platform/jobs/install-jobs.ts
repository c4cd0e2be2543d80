import { Logger, runMigrations } from 'graphile-worker';
import { openJobsPool } from './open-jobs-pool.ts';

/** It tells every step of its own schema; what fails is thrown. */
const silent = new Logger(() => () => undefined);

/** Makes the queue's own tables, so that a process without workers can ask for work. */
export async function installJobs(url: string): Promise<void> {
  const pgPool = openJobsPool(url, null);
  try {
    await runMigrations({ pgPool, logger: silent, noHandleSignals: true });
  } finally {
    await pgPool.end();
  }
}
