import type { Job } from '../../platform/jobs/jobs.ts';
import type { CustomEvents } from './custom-events.ts';

export function eventJobs(events: CustomEvents): Job[] {
  return [
    { name: 'forget-event-keys', schedule: '40 3 * * *', run: async () => void (await events.forgetKeys()) },
  ];
}
