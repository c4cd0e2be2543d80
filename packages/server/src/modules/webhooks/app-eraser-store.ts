import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

const calls = statement('webhooks.erase-calls', `delete from webhook_calls where lane = $2 and app_id = $1`);

/** An app's calls of one lane; how many went. */
export function eraseCalls(transaction: Queryable, appId: string, ofLane: number): Promise<number> {
  return transaction.run(calls, [appId, ofLane]);
}
