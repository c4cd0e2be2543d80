import type { Job } from '../../platform/jobs/jobs.ts';
import { requestJob } from '../../platform/jobs/request-job.ts';
import { forgetEntries } from './audit/audit-store.ts';
import { ERASE_JOB } from './erase/delete-app.ts';
import { eraseDeletedApps } from './erase/erase-deleted-apps.ts';
import type { EraseOptions } from './erase/erase-deleted-apps.ts';

const DAY_MS = 86_400_000;
const ENTRIES_A_STATEMENT = 5_000;

export interface AccountsJobsOptions extends EraseOptions {
  /** How long entries of the audit log are kept, in days. */
  readonly auditLogDays: number;
}

export function accountsJobs(options: AccountsJobsOptions): Job[] {
  const { database, clock, auditLogDays } = options;
  return [
    {
      name: ERASE_JOB,
      // Asked for when there is something to do. Every hour for what a worker had when it was killed.
      schedule: '50 * * * *',
      async run(stopping) {
        const at = await eraseDeletedApps(options, stopping);
        if (at !== null) await requestJob(database, { name: ERASE_JOB, key: 'next', at });
      },
    },
    {
      name: 'forget-audit-log',
      schedule: '40 3 * * *',
      async run() {
        const before = clock.now() - auditLogDays * DAY_MS;
        while ((await forgetEntries(database, before, ENTRIES_A_STATEMENT)) === ENTRIES_A_STATEMENT) {
          // Another round until a batch was not full.
        }
      },
    },
  ];
}
