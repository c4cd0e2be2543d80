import { asJson, statement } from '../../platform/database/database.ts';
import { retryTransient } from '../../platform/database/retry.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { PRIORITIES } from './chunk.ts';
import type { Chunk, ChunkKey, Priority } from './chunk.ts';

/**
 * Claiming is two steps: a plain read of what could be claimed, then an UPDATE of exactly those
 * rows, repeated condition included. Two senders that read the same rows take turns on the row
 * locks and the second finds the condition false. No lock is taken over several lanes at once by
 * a SELECT, which is what a distributed database refuses.
 */
const claimable = statement(
  'chunks.claimable',
  `(select message_id, lane, 'small' as priority, cardinality(targets) as targets from message_chunks
    where state <> 'done' and priority = 0 and due_at <= $1 and lease_until < now() order by due_at limit $2)
   union all
   (select message_id, lane, 'broadcast', cardinality(targets) as targets from message_chunks
    where state <> 'done' and priority = 1 and due_at <= $1 and lease_until < now() order by due_at limit $3)`,
);

const claim = statement(
  'chunks.claim',
  `update message_chunks c set state = 'open', epoch = c.epoch + 1, claimed_by = $2,
     lease_until = now() + $3 * interval '1 millisecond'
   from (select * from jsonb_to_recordset($1) as k (message_id uuid, lane int) order by message_id, lane) k
   where c.message_id = k.message_id and c.lane = k.lane
     and c.state <> 'done' and c.due_at <= $4 and c.lease_until < now()
   returning c.message_id as "messageId", c.lane, c.app_id as "appId", c.channel,
     case c.priority when 0 then 'small' else 'broadcast' end as priority, c.epoch, c.targets, c.cursor,
     c.doubt_ids as "doubtIds", c.retrying`,
);

const renew = statement(
  'chunks.renew',
  `update message_chunks c set lease_until = now() + $2 * interval '1 millisecond'
   from (select * from jsonb_to_recordset($1) as k (message_id uuid, lane int, epoch bigint)
         order by message_id, lane) k
   where c.message_id = k.message_id and c.lane = k.lane and c.epoch = k.epoch and c.state = 'open'`,
);

const release = statement(
  'chunks.release',
  `update message_chunks c set state = 'ready', lease_until = '-infinity'
   from (select * from jsonb_to_recordset($1) as k (message_id uuid, lane int, epoch bigint)
         order by message_id, lane) k
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
   from (select * from jsonb_to_recordset($1) as p (n int, message_id uuid, lane int, epoch bigint, ids uuid[])
         order by message_id, lane) p
   where c.message_id = p.message_id and c.lane = p.lane and c.epoch = p.epoch and c.state = 'open'
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

/** Chunks in one claim, of each priority. */
const MOST_CHUNKS = 256;

export interface ClaimOptions {
  readonly owner: string;
  /** Milliseconds on the injected clock: chunks due later are left alone. */
  readonly now: number;
  readonly leaseMs: number;
  /** Recipients to claim chunks for. The last chunk may go beyond it by less than a page. */
  readonly room: Readonly<Record<Priority, number>>;
  /** What a chunk counts for, at most: it is sent page by page. */
  readonly pageSize: number;
}

export interface Claimed {
  readonly chunks: Chunk[];
  /** Priorities of which more is due than there was room for. */
  readonly waiting: readonly Priority[];
}

interface Due {
  readonly priority: Priority;
  readonly targets: number | null;
}

/** Claims due chunks, as many as there is room for. */
export async function claimChunks(database: Queryable, options: ClaimOptions): Promise<Claimed> {
  const { owner, now, leaseMs, room, pageSize } = options;
  const at = new Date(now);
  const most = { small: mostChunks(room.small), broadcast: mostChunks(room.broadcast) };
  const due = await database.rows<Due>(claimable, [at, most.small, most.broadcast]);
  const left = { ...room };
  const keys = due.filter((chunk) => {
    const fits = left[chunk.priority] > 0;
    if (fits) left[chunk.priority] -= weightOf(chunk, pageSize);
    return fits;
  });
  const waiting = PRIORITIES.filter(
    (priority) =>
      left[priority] <= 0 || due.filter((chunk) => chunk.priority === priority).length === most[priority],
  );
  if (keys.length === 0) return { chunks: [], waiting };
  const values = [asJson(keys), owner, leaseMs, at];
  return { chunks: await retryTransient(() => database.rows<Chunk>(claim, values)), waiting };
}

/** Every chunk weighs 1 or more, so more than this are never taken. */
function mostChunks(room: number): number {
  return Math.max(0, Math.min(MOST_CHUNKS, room));
}

function weightOf({ targets }: Due, pageSize: number): number {
  return Math.min(targets ?? pageSize, pageSize);
}

/** Keeps chunks for another while. One that has been claimed anew by now is not touched. */
export async function renewLeases(
  database: Queryable,
  chunks: readonly Chunk[],
  leaseMs: number,
): Promise<void> {
  if (chunks.length > 0) await retryTransient(() => database.run(renew, [asJson(epochsOf(chunks)), leaseMs]));
}

/** Gives chunks back, to be claimed at once by anyone. */
export async function releaseChunks(database: Queryable, chunks: readonly Chunk[]): Promise<void> {
  if (chunks.length === 0) return;
  await retryTransient(() => database.run(release, [asJson(epochsOf(chunks))]));
}

function epochsOf(chunks: readonly Chunk[]): object[] {
  return chunks.map(({ messageId, lane, epoch }) => ({ message_id: messageId, lane, epoch }));
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

export type OpenedPage = 'open' | 'cancelled' | 'lost';

/**
 * Records the ids of pages as in doubt, before anything is handed over. A page comes back `lost`
 * when its chunk has been claimed anew by now, be it by this very process: nothing of it may be sent.
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
