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
