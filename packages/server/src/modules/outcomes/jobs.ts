import type { Job } from '../../platform/jobs/jobs.ts';
import type { Outcomes } from './outcomes.ts';

export function outcomeJobs(outcomes: Outcomes): Job[] {
  return [{ name: 'forget-outcomes', schedule: '50 3 * * *', run: () => outcomes.forgetOld() }];
}
