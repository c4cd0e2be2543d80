import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Job } from '../../platform/jobs/jobs.ts';
import type { CustomEvents } from './custom-events.ts';
import { expireCustomEvents } from './expire-events.ts';

export interface EventJobsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly events: CustomEvents;
}

export function eventJobs({ events, ...options }: EventJobsOptions): Job[] {
  return [
    { name: 'forget-event-keys', schedule: '40 3 * * *', run: async () => void (await events.forgetKeys()) },
    {
      name: 'expire-custom-events',
      schedule: '50 3 * * *',
      run: async (stopping) => void (await expireCustomEvents(options, stopping)),
    },
  ];
}
