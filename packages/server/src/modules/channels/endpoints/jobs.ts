import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Job } from '../../../platform/jobs/jobs.ts';
import { forgetPosts } from './post-store.ts';

/** So long it is told what became of a post, and its idempotency key is known. */
const KEPT_MS = 30 * 86_400_000;
const POSTS_A_STATEMENT = 5_000;

export function endpointJobs({ database, clock }: { database: Database; clock: Clock }): Job[] {
  return [
    {
      name: 'forget-endpoint-posts',
      schedule: '35 3 * * *',
      async run(stopping) {
        const before = clock.now() - KEPT_MS;
        while ((await forgetPosts(database, before, POSTS_A_STATEMENT)) === POSTS_A_STATEMENT) {
          if (stopping.aborted) return;
        }
      },
    },
  ];
}
