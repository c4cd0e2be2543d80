import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { UserPlace } from '../../identity/index.ts';
import { appendInbox } from '../../lanes/index.ts';
import { CANCEL_KIND } from '../run/inbox-inputs.ts';

// One row of the inbox, whatever is found: a run that begins by a row before it ends too.
const cancel = statement(
  'journeys.cancel',
  `with told as (${appendInbox(`
     select $1::int, $2::uuid, $3::uuid, '${CANCEL_KIND}',
       jsonb_build_object('journeyId', $4::uuid, 'runKey', $5::text), $6::timestamptz`)})
   select count(*)::int as runs from journey_runs
   where lane = $1 and user_id = $3 and app_id = $2 and journey_id = $4 and ($5::text is null or run_key = $5) and node > 0`,
);

export interface CancelledRuns extends UserPlace {
  readonly appId: string;
  readonly journeyId: string;
  /** Null: all of them. */
  readonly runKey: string | null;
}

/** Asks the owner of the user's lane to end runs; how many there are now. */
export async function cancelRuns(
  database: Queryable,
  { lane, appId, userId, journeyId, runKey }: CancelledRuns,
  now: number,
): Promise<number> {
  const values = [lane, appId, userId, journeyId, runKey, new Date(now)];
  return (await database.rows<{ runs: number }>(cancel, values))[0]?.runs ?? 0;
}
