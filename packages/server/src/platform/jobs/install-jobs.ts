import { Logger, runMigrations } from 'graphile-worker';

/** It tells every step of its own schema; what fails is thrown. */
const silent = new Logger(() => () => undefined);

/** Makes the queue's own tables, so that a process without workers can ask for work. */
export async function installJobs(url: string): Promise<void> {
  await runMigrations({ connectionString: url, maxPoolSize: 1, logger: silent, noHandleSignals: true });
}
