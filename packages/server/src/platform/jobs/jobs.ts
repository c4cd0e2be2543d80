import { Logger as WorkerLogger, run } from 'graphile-worker';
import type { Logger } from '../log.ts';
import { openJobsPool } from './open-jobs-pool.ts';

/**
 * Work that is not hot: upkeep, retention, erasure. It comes by the calendar, and when somebody asks
 * for it with `requestJob`.
 */
export interface Job {
  /** In kebab case, unique in the program. */
  readonly name: string;
  /** When it runs: five crontab fields, UTC. */
  readonly schedule: string;
  /** When `stopping` aborts, the process ends: a long job stops between two of its pieces. */
  run(stopping: AbortSignal): Promise<void>;
}

export interface Jobs {
  /** Lets the jobs under way finish, or come to a good place to stop, and ends. */
  stop(): Promise<void>;
}

export interface JobsOptions {
  readonly url: string;
  readonly log: Logger;
  readonly jobs: readonly Job[];
}

/** A job that a stopped machine has missed is made up for when it comes back, for this long. */
const BACKFILL = '1d';

/** Runs each job on one of the processes, whichever is first; a failed one is tried again later. */
export async function startJobs({ url, log, jobs }: JobsOptions): Promise<Jobs> {
  const stopping = new AbortController();
  const pgPool = openJobsPool(url, log);
  const runner = await run({
    pgPool,
    concurrency: 2,
    noHandleSignals: true,
    // LISTEN tells of new jobs at once; this only makes up for a lost notification.
    pollInterval: 30_000,
    taskList: Object.fromEntries(jobs.map((job) => [job.name, () => job.run(stopping.signal)])),
    crontab: jobs.map((job) => `${job.schedule} ${job.name} ?fill=${BACKFILL}`).join('\n'),
    logger: new WorkerLogger(() => (level, message) => {
      if (level === 'error') log.error(message);
      else if (level === 'warning') log.warn(message);
      else log.debug(message);
    }),
  }).catch(async (error: unknown) => {
    await pgPool.end();
    throw error;
  });
  return {
    async stop() {
      stopping.abort();
      await runner.stop();
      await pgPool.end();
    },
  };
}
