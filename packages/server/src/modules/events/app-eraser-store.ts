import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

const lane = statement('events.erase-lane', `delete from custom_events where lane = $2 and app_id = $1`);

const keys = statement(
  'events.erase-keys',
  `delete from custom_event_keys where (app_id, key) in (
     select app_id, key from custom_event_keys where app_id = $1 limit $2)`,
);

/** An app's custom events of one lane; how many went. */
export function eraseEvents(transaction: Queryable, appId: string, ofLane: number): Promise<number> {
  return transaction.run(lane, [appId, ofLane]);
}

/** Up to `limit` of their idempotency keys. */
export function eraseEventKeys(transaction: Queryable, appId: string, limit: number): Promise<number> {
  return transaction.run(keys, [appId, limit]);
}
