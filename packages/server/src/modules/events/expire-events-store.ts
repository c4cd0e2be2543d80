import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

const expire = statement(
  'events.expire',
  `delete from custom_events where (lane, received_at, id) in (
     select lane, received_at, id from custom_events
     where lane = $1 and app_id = $2 and name = $3 and received_at < $4 limit $5)
     and lane = $1 and received_at < $4`,
);

/** Up to `limit` events of a name in one lane that came before `before`, in milliseconds; how many went. */
export function expireEvents(
  database: Queryable,
  lane: number,
  { appId, name, before }: { readonly appId: string; readonly name: string; readonly before: number },
  limit: number,
): Promise<number> {
  return database.run(expire, [lane, appId, name, new Date(before), limit]);
}
