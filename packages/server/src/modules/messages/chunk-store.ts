import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { ChunkKey } from './chunk.ts';

const open = statement(
  'chunks.open-page',
  `with p as materialized (
     select * from jsonb_to_recordset($1) as p (n int, message_id uuid, lane int, epoch bigint, ids uuid[])
     order by message_id, lane
   )
   update message_chunks c set doubt_ids = p.ids, page = c.page + 1, throttle_reserved = 0,
     lease_until = now() + $2 * interval '1 millisecond'
   from p
   where c.message_id = p.message_id and c.lane = p.lane and c.epoch = p.epoch and c.state = 'open' and not c.paused
     and c.message_id = any (array(select message_id from p))
   returning p.n, c.cancelled_at is not null as cancelled`,
);

const retriesDue = statement(
  'chunks.retries-due',
  `select subscription_id as id, attempts from delivery_retries
   where message_id = $1 and lane = $2 and (due_at <= $3 or exists (
     select from message_chunks c where c.message_id = $1 and c.lane = $2 and c.cancelled_at is not null))
   order by subscription_id limit $4`,
);

const attemptsSoFar = statement(
  'chunks.attempts-so-far',
  `select subscription_id as id, attempts from delivery_retries
   where message_id = $1 and lane = $2 and subscription_id = any($3)`,
);

export interface PageToOpen extends ChunkKey {
  readonly epoch: number;
  readonly ids: readonly string[];
}

export type OpenedPage = 'open' | 'cancelled' | 'lost';

/**
 * Records the ids of pages as in doubt, before anything is handed over. A page comes back `lost`
 * when its chunk has been claimed anew by now, be it by this very process, or its message paused: nothing of
 * it may be sent.
 */
export async function openPages(
  database: Queryable,
  pages: readonly PageToOpen[],
  leaseMs: number,
): Promise<OpenedPage[]> {
  const rows = pages.map(({ messageId, lane, epoch, ids }, n) => ({
    n,
    message_id: messageId,
    lane,
    epoch,
    ids,
  }));
  const found = await database.rows<{ n: number; cancelled: boolean }>(open, [asJson(rows), leaseMs]);
  const opened = new Map(found.map(({ n, cancelled }) => [n, cancelled ? 'cancelled' : 'open'] as const));
  return pages.map((_, n) => opened.get(n) ?? 'lost');
}

/**
 * Deliveries of a chunk whose next attempt is due: their attempts so far, by subscription id. Of a
 * cancelled message all are, for nothing is left to wait for.
 */
export async function findDueRetries(
  database: Queryable,
  { messageId, lane }: ChunkKey,
  now: number,
  limit: number,
): Promise<Map<string, number>> {
  const rows = await database.rows<{ id: string; attempts: number }>(retriesDue, [
    messageId,
    lane,
    new Date(now),
    limit,
  ]);
  return new Map(rows.map((row) => [row.id, row.attempts]));
}

/** Attempts so far of those of `ids` that have been tried before. */
export async function findAttempts(
  database: Queryable,
  { messageId, lane }: ChunkKey,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const rows = await database.rows<{ id: string; attempts: number }>(attemptsSoFar, [messageId, lane, ids]);
  return new Map(rows.map((row) => [row.id, row.attempts]));
}
