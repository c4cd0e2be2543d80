import type { FeedEvent } from '@carillon/wire';
import type { Back, ReturnedEvent } from '../config/back.ts';
import type { Model } from '../config/fields.ts';
import { eventRow } from '../model/event-row.ts';
import type { Reject } from '../model/reject.ts';
import type { EventRow, SqlDatabase, SqlTransaction } from '../model/sql-database.ts';
import { redactText } from '../model/redact.ts';
import { isPassedOver } from '../model/told-consents.ts';
import { isPassing } from '../sync/is-passing.ts';

export interface KeptEvents {
  /** How many were not there before. */
  readonly fresh: number;
  readonly rejects: readonly Reject[];
}

const SAVEPOINT = { text: 'SAVEPOINT carillon_write_back', values: [] };
const UNDO = { text: 'ROLLBACK TO SAVEPOINT carillon_write_back', values: [] };
const RELEASE = { text: 'RELEASE SAVEPOINT carillon_write_back', values: [] };

/**
 * Writes events and what the configuration makes of them, in one transaction: each event once, however
 * often it is told. A write-back that fails is undone alone and becomes a reject.
 */
export async function keepEvents(
  database: SqlDatabase,
  back: Back,
  events: readonly FeedEvent[],
): Promise<KeptEvents> {
  const rows = events.map(eventRow).filter(({ kind }) => back.keep === undefined || back.keep.includes(kind));
  if (rows.length === 0) return { fresh: 0, rejects: [] };
  return database.transaction(async (transaction) => {
    const fresh = await transaction.insertEvents(back.table, rows);
    const rejects: Reject[] = [];
    const told = new Set<string>();
    const passedOver = new Set(events.filter(isPassedOver).map(({ id }) => id));
    for (const row of rows) {
      const write = back.writes?.[row.kind];
      const isNews = !(row.kind === 'unsubscribed' && passedOver.has(row.id));
      if (write === undefined || !isNews || !fresh.has(row.id) || told.has(row.id)) continue;
      told.add(row.id);
      const rule = await writeBack(transaction, write, row);
      if (rule !== null)
        rejects.push({ what: 'write-back', key: row.id, field: `back.writes.${row.kind}`, rule });
    }
    return { fresh: fresh.size, rejects };
  });
}

/** What the database said against it, or null. */
async function writeBack(
  transaction: SqlTransaction,
  write: (event: ReturnedEvent) => Model<object>,
  row: EventRow,
): Promise<string | null> {
  await transaction.run(SAVEPOINT);
  try {
    await transaction.run(write(returnedEvent(row)));
    await transaction.run(RELEASE);
    return null;
  } catch (error) {
    if (isPassing(error)) throw error;
    await transaction.run(UNDO);
    return redactText(error instanceof Error ? error.message : String(error));
  }
}

function returnedEvent(row: EventRow): ReturnedEvent {
  return {
    id: row.id,
    kind: row.kind,
    channel: row.channel,
    at: new Date(row.at),
    externalId: row.external_id,
    subscriptionId: row.subscription_id,
    messageId: row.message_id,
    templateId: row.template_id,
    campaign: row.campaign,
    address: row.address,
    reason: row.reason,
    url: row.url,
  };
}
