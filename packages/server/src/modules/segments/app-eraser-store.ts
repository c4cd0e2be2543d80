import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

const segments = statement(
  'segments.erase',
  `delete from segments where (app_id, id) in (select app_id, id from segments where app_id = $1 limit $2)`,
);

/** Up to `limit` segments of an app; how many went. */
export function eraseSegments(transaction: Queryable, appId: string, limit: number): Promise<number> {
  return transaction.run(segments, [appId, limit]);
}

const state = statement('segments.erase-state', `delete from segment_state where lane = $2 and app_id = $1`);

/** What is kept of who is in an app's live segments, of one lane. */
export function eraseState(transaction: Queryable, appId: string, ofLane: number): Promise<number> {
  return transaction.run(state, [appId, ofLane]);
}
