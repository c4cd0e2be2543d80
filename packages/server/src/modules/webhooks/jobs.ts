import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Job } from '../../platform/jobs/jobs.ts';
import { forgetCalls } from './calls/call-store.ts';

/** So long calls wait for a webhook that is disabled. */
const KEPT_MS = 30 * 86_400_000;
const CALLS_A_STATEMENT = 5_000;

export function webhookJobs({ database, clock }: { database: Database; clock: Clock }): Job[] {
  return [
    {
      name: 'forget-webhook-calls',
      schedule: '45 3 * * *',
      async run(stopping) {
        const before = clock.now() - KEPT_MS;
        while ((await forgetCalls(database, before, CALLS_A_STATEMENT)) === CALLS_A_STATEMENT) {
          if (stopping.aborted) return;
        }
      },
    },
  ];
}
