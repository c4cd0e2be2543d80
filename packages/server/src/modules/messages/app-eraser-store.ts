import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { ChunkKey } from './chunk.ts';

// Whoever has one of them open holds an older epoch, and writes nothing any more.
const halt = statement(
  'chunks.halt',
  `update message_chunks set state = 'done', epoch = epoch + 1, doubt_ids = null, done_at = $2,
     cancelled_at = coalesce(cancelled_at, $2), lease_until = '-infinity'
   where app_id = $1 and state <> 'done'`,
);

const chunks = statement(
  'chunks.erase',
  `select erased, last_message as "messageId", last_lane as lane from erase_deliveries($1, $2, $3, $4, $5)`,
);

const messages = statement(
  'messages.erase',
  `with gone as (
     delete from messages where id in (
       select id from messages where app_id = $1 and id > $2 order by id limit $3)
     returning id
   ),
   platforms as (delete from message_platforms p using gone where p.message_id = gone.id)
   select id from gone`,
);

const keys = statement(
  'idempotency.erase',
  `delete from idempotency_keys where (app_id, key) in (
     select app_id, key from idempotency_keys where app_id = $1 limit $2)`,
);

/** Ends whatever is being sent, or waits to be, without a line in the ledger. */
export async function haltChunks(transaction: Queryable, appId: string, now: number): Promise<void> {
  await transaction.run(halt, [appId, new Date(now)]);
}

/**
 * The next chunks of an app behind `after` with their deliveries: up to `mostChunks`, fewer when those
 * have `mostRows` deliveries. Null when there are no more.
 */
export async function eraseChunks(
  transaction: Queryable,
  appId: string,
  after: ChunkKey,
  { mostChunks, mostRows }: { mostChunks: number; mostRows: number },
): Promise<(ChunkKey & { readonly erased: number }) | null> {
  const values = [appId, after.messageId, after.lane, mostChunks, mostRows];
  return (await transaction.rows<ChunkKey & { erased: number }>(chunks, values))[0] ?? null;
}

/** Up to `limit` messages of an app with ids above `after`; the ids, in ascending order. */
export async function eraseMessages(
  transaction: Queryable,
  appId: string,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await transaction.rows<{ id: string }>(messages, [appId, after, limit]);
  return rows.map(({ id }) => id).toSorted();
}

/** Up to `limit` idempotency keys; how many went. */
export function eraseIdempotencyKeys(transaction: Queryable, appId: string, limit: number): Promise<number> {
  return transaction.run(keys, [appId, limit]);
}
