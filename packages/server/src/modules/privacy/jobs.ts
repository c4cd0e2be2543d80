import type { Job } from '../../platform/jobs/jobs.ts';
import type { Eraser } from './eraser.ts';

/** What is to be done stands in the table: a job that was killed leaves nothing behind that the next one misses. */
export function privacyJobs(eraser: Eraser): Job[] {
  return [
    {
      name: 'erase-people',
      schedule: '* * * * *',
      run: async (stopping) => {
        await eraser.work(stopping);
      },
    },
  ];
}
