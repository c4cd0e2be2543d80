import { statement } from '../../../../platform/database/database.ts';
import type { Queryable } from '../../../../platform/database/database.ts';
import { accountSidOf } from '../twilio/account-of-app.ts';
import { accountOfApplication } from '../vonage/sandbox-account.ts';

const erase = statement(
  'sandbox.erase-messages',
  `delete from sandbox_messages where message_id = any($1::uuid[])`,
);

/** What the sandbox received of these messages; how many went. */
export async function eraseSandboxMessages(
  transaction: Queryable,
  messageIds: readonly string[],
): Promise<number> {
  return messageIds.length === 0 ? 0 : transaction.run(erase, [messageIds]);
}

const eraseAccount = statement(
  'sandbox.erase-account',
  'delete from sandbox_messages where account = any($1::text[])',
);

/**
 * What an app has sent through accounts of its own at the sandbox and no message names: answers to what people have
 * texted, and what went to the SMSC under the app's id.
 */
export function eraseSandboxAccount(transaction: Queryable, appId: string): Promise<number> {
  return transaction.run(eraseAccount, [[accountSidOf(appId), accountOfApplication(appId), appId]]);
}
