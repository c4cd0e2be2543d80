import { statement } from '../../../../platform/database/database.ts';
import type { Queryable } from '../../../../platform/database/database.ts';

const erase = statement('sandbox.erase', `delete from sandbox_messages where message_id = any($1::uuid[])`);

/** What the sandbox received of these messages; how many went. */
export async function eraseSandboxMessages(
  transaction: Queryable,
  messageIds: readonly string[],
): Promise<number> {
  return messageIds.length === 0 ? 0 : transaction.run(erase, [messageIds]);
}
