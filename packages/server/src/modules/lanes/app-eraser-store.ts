import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

const inbox = statement(
  'lanes.erase-inbox',
  `delete from lane_inbox where (id, lane) in (select id, lane from lane_inbox where app_id = $1 limit $2)`,
);

/** Up to `limit` rows that wait for the owners of lanes; how many went. */
export function eraseInbox(transaction: Queryable, appId: string, limit: number): Promise<number> {
  return transaction.run(inbox, [appId, limit]);
}
