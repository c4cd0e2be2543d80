import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Job } from '../../platform/jobs/jobs.ts';
import { forgetAudienceUse } from './create/audience-use-store.ts';
import { forgetOldKeys } from './idempotency-store.ts';
import { forgetOldActivities } from './live-activities/forget-old-activities.ts';
import { forgetOldMarks } from './timing/forget-old-marks.ts';

export function messageJobs({ database, clock }: { database: Database; clock: Clock }): Job[] {
  return [
    {
      name: 'forget-idempotency-keys',
      schedule: '20 3 * * *',
      run: () => forgetOldKeys(database, clock.now()),
    },
    {
      name: 'forget-audience-use',
      schedule: '40 * * * *',
      run: () => forgetAudienceUse(database, clock.now()),
    },
    {
      name: 'forget-live-activities',
      schedule: '35 * * * *',
      run: () => forgetOldActivities(database, clock.now()),
    },
    {
      name: 'forget-frequency-marks',
      schedule: '25 3 * * *',
      run: () => forgetOldMarks(database, clock.now()),
    },
  ];
}
