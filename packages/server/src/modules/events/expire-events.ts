import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import { dropEmptyDays } from '../../platform/database/retention.ts';
import { LANES } from '../../platform/ids.ts';
import { expireEvents } from './expire-events-store.ts';
import { retainedNames } from './names/name-store.ts';

const DAY_MS = 86_400_000;
const ROWS_A_STATEMENT = 5_000;
/** Nobody may keep events for less: younger days are not looked at. */
const LEAST_DAYS = 30;

/**
 * Deletes the events of names that are not kept for ever, a page and a lane at a time, and drops the days of which nothing
 * is left then. For the daily upkeep; returns how many events went.
 */
export async function expireCustomEvents(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  stopping: AbortSignal,
): Promise<number> {
  let gone = 0;
  for (const { appId, name, days } of await retainedNames(database)) {
    const before = clock.now() - days * DAY_MS;
    for (let lane = 0; lane < LANES; lane += 1) {
      for (let went = ROWS_A_STATEMENT; went === ROWS_A_STATEMENT;) {
        if (stopping.aborted) return gone;
        went = await expireEvents(database, lane, { appId, name, before }, ROWS_A_STATEMENT);
        gone += went;
      }
    }
  }
  if (gone > 0) await dropEmptyDays(database, 'custom_events', clock.now() - LEAST_DAYS * DAY_MS);
  return gone;
}
