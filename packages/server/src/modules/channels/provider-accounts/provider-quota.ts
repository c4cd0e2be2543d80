import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import { retryTransient } from '../../../platform/database/retry.ts';
import type { ProviderQuota } from '../channel.ts';
import type { ProviderPlace } from './provider-pause-store.ts';
import { takeOfDay } from './provider-day-store.ts';
import { dayOfWarmUp } from './warm-up.ts';
import type { WarmUp } from './warm-up.ts';

/** After so long the plan that was set meanwhile is known. */
const CHANGED_MS = 1_000;

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
      const count = await retryTransient(() => takeOfDay(database, place, { ...today, plan }, wanted));
      // Another one holds by now, and is known here in a moment.
      if (count === null) return { count: 0, most: null, nextAt: now + CHANGED_MS };
      return { count, most, nextAt };
    },
  };
}
