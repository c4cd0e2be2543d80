import { asJson, retryTransient, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { Chunk, ChunkKey } from './chunk.ts';

/**
 * Claiming is two steps: a plain read of what could be claimed, then an UPDATE of exactly those
 * rows, repeated condition included. Two senders that read the same rows take turns on the row
 * locks and the second finds the condition false. No lock is taken over several lanes at once by
 * a SELECT, which is what a distributed database refuses.
 */
const claimable = statement(
  'chunks.claimable',
  `select message_id, lane, cardinality(targets) as targets from message_chunks
   where state <> 'done' and due_at <= $1 and lease_until < now()
   order by priority, due_at limit $2`,
);

const claim = statement(
  'chunks.claim',
  `update message_chunks c set state = 'open', epoch = c.epoch + 1, claimed_by = $2,
     lease_until = now() + $3 * interval '1 millisecond'
   from (select * from jsonb_to_recordset($1) as k (message_id uuid, lane int) order by message_id, lane) k
   where c.message_id = k.message_id and c.lane = k.lane
     and c.state <> 'done' and c.due_at <= $4 and c.lease_until < now()
   returning c.message_id as "messageId", c.lane, c.app_id as "appId", c.channel, c.epoch, c.targets, c.cursor,
     c.doubt_ids as "doubtIds", c.retrying`,
);

const renew = statement(
  'chunks.renew',
  `update message_chunks set lease_until = now() + $2 * interval '1 millisecond'
   where state = 'open' and claimed_by = $1 and lease_until > now()`,
);

const release = statement(
  'chunks.release',
  `update message_chunks c set state = 'ready', lease_until = '-infinity'
   from jsonb_to_recordset($1) as k (message_id uuid, lane int, epoch bigint)
   where c.message_id = k.message_id and c.lane = k.lane and c.epoch = k.epoch and c.state = 'open'`,
);

const nextDue = statement(
  'chunks.next-due',
  `select min(due_at) as at from (
     (select due_at from message_chunks
      where state <> 'done' and priority = 0 and lease_until < now() order by due_at limit 1)
     union all
     (select due_at from message_chunks
      where state <> 'done' and priority = 1 and lease_until < now() order by due_at limit 1)
   ) due`,
);

const open = statement(
  'chunks.open-page',
  `update message_chunks c set doubt_ids = p.ids, page = c.page + 1,
     lease_until = now() + $2 * interval '1 millisecond'
   from (select * from jsonb_to_recordset($1) as p (message_id uuid, lane int, epoch bigint, ids uuid[])
         order by message_id, lane) p
   where c.message_id = p.message_id and c.lane = p.lane and c.epoch = p.epoch and c.state = 'open'
   returning c.message_id as "messageId", c.lane,
     exists (select from messages m where m.id = c.message_id and m.cancelled_at is not null) as cancelled`,
);

const retriesDue = statement(
  'chunks.retries-due',
  `select subscription_id as id, attempts from delivery_retries
   where message_id = $1 and lane = $2 and due_at <= $3 order by subscription_id limit $4`,
);

const attemptsSoFar = statement(
  'chunks.attempts-so-far',
  `select subscription_id as id, attempts from delivery_retries
   where message_id = $1 and lane = $2 and subscription_id = any($3)`,
);

export interface ClaimOptions {
  readonly owner: string;
  /** Milliseconds on the injected clock: chunks due later are left alone. */
  readonly now: number;
  readonly leaseMs: number;
  /** Most chunks to claim. */
  readonly limit: number;
  /** Most recipients to claim chunks for; one chunk is always claimed. */
  readonly recipients: number;
  /** What a chunk counts for, at most: it is sent page by page. */
  readonly pageSize: number;
}

export interface Claimed {
  readonly chunks: Chunk[];
  /** More are due than there was room for. */
  readonly more: boolean;
}

/** Claims due chunks, small sends first, as many as there is room for. */
export async function claimChunks(database: Queryable, options: ClaimOptions): Promise<Claimed> {
  const { owner, now, leaseMs, limit, pageSize } = options;
  const at = new Date(now);
  const due = await database.rows<{ targets: number | null }>(claimable, [at, limit]);
  let room = options.recipients;
  const fits = due.findIndex(({ targets }, index) => {
    room -= Math.min(targets ?? pageSize, pageSize);
    return index > 0 && room < 0;
  });
  const keys = fits === -1 ? due : due.slice(0, fits);
  const more = keys.length < due.length || due.length === limit;
  if (keys.length === 0) return { chunks: [], more };
  const values = [asJson(keys), owner, leaseMs, at];
  return { chunks: await retryTransient(() => database.rows<Chunk>(claim, values)), more };
}

/** Keeps every chunk that `owner` has open. Chunks whose lease has run out stay lost. */
export async function renewLeases(database: Queryable, owner: string, leaseMs: number): Promise<void> {
  await database.run(renew, [owner, leaseMs]);
}

/** Gives chunks back, to be claimed at once by anyone. */
export async function releaseChunks(database: Queryable, chunks: readonly Chunk[]): Promise<void> {
  if (chunks.length === 0) return;
  const rows = chunks.map(({ messageId, lane, epoch }) => ({ message_id: messageId, lane, epoch }));
  await database.run(release, [asJson(rows)]);
}

/** When the earliest unclaimed chunk is due, in milliseconds, or null when there is none. */
export async function nextChunkDueAt(database: Queryable): Promise<number | null> {
  const [row] = await database.rows<{ at: Date | null }>(nextDue);
  return row?.at?.getTime() ?? null;
}

export interface PageToOpen extends ChunkKey {
  readonly epoch: number;
  readonly ids: readonly string[];
}

export type OpenedPage = { readonly state: 'lost' } | { readonly state: 'open' | 'cancelled' };

/**
 * Records the ids of pages as in doubt, before anything is handed over. A page comes back `lost`
 * when another sender has the chunk by now: nothing of it may be sent.
 */
export async function openPages(
  database: Queryable,
  pages: readonly PageToOpen[],
  leaseMs: number,
): Promise<OpenedPage[]> {
  const rows = pages.map(({ messageId, lane, epoch, ids }) => ({ message_id: messageId, lane, epoch, ids }));
  const opened = new Map<string, OpenedPage>();
  const found = await database.rows<ChunkKey & { cancelled: boolean }>(open, [asJson(rows), leaseMs]);
  for (const row of found) {
    opened.set(`${row.messageId} ${row.lane}`, { state: row.cancelled ? 'cancelled' : 'open' });
  }
  return pages.map((page) => opened.get(`${page.messageId} ${page.lane}`) ?? { state: 'lost' });
}

/** Deliveries of a chunk whose next attempt is due: their attempts so far, by subscription id. */
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
