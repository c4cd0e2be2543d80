import type { Database } from '../../../platform/database/database.ts';
import { nameId } from '../../../platform/ids.ts';
import type { AppReceipt, RecordDeliveryEvents, RecordReceipts } from '../../channels/index.ts';
import { findTextMessage } from './receipt-store.ts';

/** A receipt can come before our own commit of its delivery: how long to wait for that, in steps. */
const WAITS_MS = [20, 100, 300, 1_000];

export interface ReceiptOptions {
  readonly database: Database;
  readonly recordDeliveryEvents: RecordDeliveryEvents;
}

/** Takes in what an SMSC tells of text messages. A receipt of a message that nobody knows is dropped. */
export function createReceiptRecorder({ database, recordDeliveryEvents }: ReceiptOptions): RecordReceipts {
  const find = async ({ appId, refs }: AppReceipt) => {
    for (const wait of WAITS_MS) {
      const found = await findTextMessage(database, appId, refs);
      if (found !== null) return found;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    return findTextMessage(database, appId, refs);
  };
  return async (receipts) => {
    const events = await Promise.all(
      receipts.map(async (receipt) => {
        const found = await find(receipt);
        if (found === null) return [];
        const { messageId, subscriptionId, lane } = found;
        const kind = receipt.state === 'delivered' ? ('delivered' as const) : ('bounced' as const);
        const reason = receipt.reason === null ? {} : { reason: receipt.reason };
        const id = nameId('sms receipt', messageId, subscriptionId, kind);
        return [{ id, kind, at: receipt.at, messageId, subscriptionId, lane, ...reason }];
      }),
    );
    await recordDeliveryEvents(events.flat());
  };
}
