import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

// Positions stay taken: other apps' readers pass over the gap as they passed over the rows.
const lane = statement('feed.erase-lane', `delete from feed where lane = $2 and app_id = $1`);

const floors = statement('feed.erase-floors', 'delete from feed_floors where lane = $2 and app_id = $1');

/** An app's news of one lane; how many batches went. */
export async function eraseNews(transaction: Queryable, appId: string, ofLane: number): Promise<number> {
  await transaction.run(floors, [appId, ofLane]);
  return transaction.run(lane, [appId, ofLane]);
}
