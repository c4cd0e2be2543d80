import type { Queryable } from '../../../platform/database/database.ts';
import { forgetOldActivityTokens } from './activity-token-store.ts';

const DAY_MS = 86_400_000;
/** iOS ends an activity after half a day, and gives its token out anew while it goes on. */
const UPDATES_LIVE_MS = 2 * DAY_MS;
/** An app gives them out again whenever it is opened. */
const STARTS_LIVE_MS = 365 * DAY_MS;

/** Tokens of activities that are over, whether or not somebody has ended them. */
export function forgetOldActivities(database: Queryable, now: number): Promise<void> {
  return forgetOldActivityTokens(database, {
    updatesBefore: now - UPDATES_LIVE_MS,
    startsBefore: now - STARTS_LIVE_MS,
  });
}
