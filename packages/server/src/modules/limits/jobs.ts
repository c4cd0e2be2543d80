import type { Database } from '../../platform/database/database.ts';
import type { Job } from '../../platform/jobs/jobs.ts';
import { forgetWindows } from './window-store.ts';

export function limitJobs(database: Database): Job[] {
  return [{ name: 'forget-rate-windows', schedule: '*/10 * * * *', run: () => forgetWindows(database) }];
}
