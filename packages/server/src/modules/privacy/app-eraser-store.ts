import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

const erasures = statement(
  'erasures.erase',
  `delete from erasures where (lane, id) in (select lane, id from erasures where app_id = $1 limit $2)`,
);

/** Up to `limit` erasures of an app; how many went. What they were about goes with the app as well. */
export function eraseErasures(transaction: Queryable, appId: string, limit: number): Promise<number> {
  return transaction.run(erasures, [appId, limit]);
}
