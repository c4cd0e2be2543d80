import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Job } from '../../platform/jobs/jobs.ts';
import { forgetEntries } from './audit/audit-store.ts';

const DAY_MS = 86_400_000;
const ENTRIES_A_STATEMENT = 5_000;

export interface AccountsJobsOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** How long entries of the audit log are kept, in days. */
  readonly auditLogDays: number;
}

export function accountsJobs({ database, clock, auditLogDays }: AccountsJobsOptions): Job[] {
  return [
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
