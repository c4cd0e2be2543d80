import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import { retryTransient } from '../../../platform/database/retry.ts';
import type { ProviderQuota } from '../channel.ts';
import type { ProviderPlace } from './provider-pause-store.ts';
import { takeOfDay } from './provider-day-store.ts';
import { dayOfWarmUp } from './warm-up.ts';
import type { WarmUp } from './warm-up.ts';

/** What a provider may be given of a day by its plan, counted for all processes together. */
export function quotaOf(
  plan: WarmUp,
  place: ProviderPlace,
  { database, clock }: { readonly database: Database; readonly clock: Clock },
): ProviderQuota {
  return {
    async take(wanted) {
      const now = clock.now();
      const today = dayOfWarmUp(plan, now);
      if (today === null) return { count: wanted, most: null, nextAt: now };
      const { most, nextAt } = today;
      const count = await retryTransient(() => takeOfDay(database, place, today, wanted));
      return { count, most, nextAt };
    },
  };
}
