import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Job } from '../../platform/jobs/jobs.ts';
import { endpointJobs } from './endpoints/jobs.ts';
import { forgetDays } from './provider-accounts/provider-day-store.ts';

const KEPT_MS = 7 * 24 * 3_600_000;

export function channelJobs({ database, clock }: { database: Database; clock: Clock }): Job[] {
  return [
    ...endpointJobs({ database, clock }),
    {
      name: 'forget-provider-days',
      schedule: '30 3 * * *',
      run: () => forgetDays(database, new Date(clock.now() - KEPT_MS).toISOString().slice(0, 10)),
    },
  ];
}
