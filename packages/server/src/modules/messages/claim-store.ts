import { asJson, statement } from '../../platform/database/database.ts';
import { retryTransient } from '../../platform/database/retry.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { Channel } from '@carillon/wire';
import type { Chunk, ChunkKey, Priority } from './chunk.ts';

/** So many of the oldest due chunks of a priority name all who have something due, unless there are more. */
const OLDEST = 1_000;

/**
 * Claiming is two steps: a plain read of what could be claimed, then an UPDATE of exactly those
 * rows, repeated condition included. Two senders that read the same rows take turns on the row
 * locks and the second finds the condition false. No lock is taken over several lanes at once by
 * a SELECT, which is what a distributed database refuses.
 *
 * Every app gets its part of what is read, its oldest first: in one queue a million waiting chunks of
 * one app would stand before all others. Who has something due is told by the oldest chunks of all. When those
 * are too many to name everybody, a wide look walks through the index from app to app, one step each, and those
 * it finds are named to the looks after it. Walked at each look, 5,000 apps with messages for tomorrow cost
 * 25 ms and left every due app one chunk a look.
 */
const claimable = statement(
  'chunks.claimable',
  `with recursive oldest as materialized (
     select p.priority, c.app_id, c.channel from (values (0), (1)) p (priority)
     cross join lateral (
       select c.app_id, c.channel from message_chunks c
       where c.state <> 'done' and not c.paused and c.priority = p.priority and c.due_at <= $1 and c.lease_until < now()
       order by c.due_at limit ${OLDEST}) c
   ),
   app as (
     (select c.priority, c.app_id, c.channel from message_chunks c
      where c.state <> 'done' and not c.paused and $5 and exists (select from oldest group by priority having count(*) >= ${OLDEST})
      order by c.priority, c.app_id, c.channel limit 1)
     union all
     select next.priority, next.app_id, next.channel from app
     cross join lateral (
       select c.priority, c.app_id, c.channel from message_chunks c
       where c.state <> 'done' and not c.paused and (c.priority, c.app_id, c.channel) > (app.priority, app.app_id, app.channel)
       order by c.priority, c.app_id, c.channel limit 1) next
   ),
   share as (
     select priority, app_id, channel from oldest
     union
     select app.priority, app.app_id, app.channel
     from (
       select * from app
       union all
       select case priority when 'small' then 0 else 1 end, app_id, channel
       from jsonb_to_recordset($4) as named (priority text, app_id uuid, channel text)) app
     where exists (
       select from message_chunks c
       where c.state <> 'done' and not c.paused and c.priority = app.priority and c.app_id = app.app_id and c.channel = app.channel
         and c.due_at <= $1 and c.lease_until < now())
   ),
   asked as (
     select share.priority, share.app_id, share.channel,
       ceil($2::numeric / count(*) over (partition by share.priority)) as most
     from share
     where not exists (
       select from jsonb_to_recordset($3) f (priority text, app_id uuid, channel text)
       where f.app_id = share.app_id and f.channel = share.channel
         and f.priority = case share.priority when 0 then 'small' else 'broadcast' end)
   )
   select due.message_id as "messageId", due.lane, asked.app_id as "appId", asked.channel,
     case asked.priority when 0 then 'small' else 'broadcast' end as priority, due.targets,
     asked.most::int as asked
   from asked
   cross join lateral (
     select c.message_id, c.lane, cardinality(c.targets) as targets, c.due_at from message_chunks c
     where c.state <> 'done' and not c.paused and c.priority = asked.priority and c.app_id = asked.app_id
       and c.channel = asked.channel and c.due_at <= $1 and c.lease_until < now()
     order by c.due_at limit asked.most) due
   order by asked.priority, asked.app_id, asked.channel, due.due_at`,
);

/**
 * Chunks that are named one by one, in the order in which all statements lock them. Whoever joins them asks for their
 * ids in a list as well: a plan that joins by hash or merge, made while the table was small, would read all of it
 * for the life of its connection.
 */
const NAMED = `with k as materialized (
     select * from jsonb_to_recordset($1) as k (message_id uuid, lane int, epoch bigint) order by message_id, lane
   )`;

/** The condition is a CASE so that no index of what is due serves it: only the key does. */
const claim = statement(
  'chunks.claim',
  `${NAMED}
   update message_chunks c set state = 'open', epoch = c.epoch + 1, claimed_by = $2,
     lease_until = now() + $3 * interval '1 millisecond'
   from k
   where c.message_id = k.message_id and c.lane = k.lane and c.message_id = any (array(select message_id from k))
     and case when c.state <> 'done' and not c.paused and c.due_at <= $4 then c.lease_until < now() else false end
   returning c.message_id as "messageId", c.lane, c.app_id as "appId", c.channel,
     case c.priority when 0 then 'small' else 'broadcast' end as priority, c.epoch, c.targets, c.cursor,
     c.doubt_ids as "doubtIds", c.retrying, c.throttle_reserved as "throttleReserved"`,
);

const renew = statement(
  'chunks.renew',
  `${NAMED}
   update message_chunks c set lease_until = now() + $2 * interval '1 millisecond'
   from k
   where c.message_id = k.message_id and c.lane = k.lane and c.epoch = k.epoch and c.state = 'open'
     and c.message_id = any (array(select message_id from k))`,
);

const release = statement(
  'chunks.release',
  `${NAMED}
   update message_chunks c set state = 'ready', lease_until = '-infinity'
   from k
   where c.message_id = k.message_id and c.lane = k.lane and c.epoch = k.epoch and c.state = 'open'
     and c.message_id = any (array(select message_id from k))`,
);

const nextDue = statement(
  'chunks.next-due',
  `select min(c.due_at) as at from (values (0), (1)) p (priority)
   cross join lateral (
     select c.due_at from message_chunks c
     where c.state <> 'done' and not c.paused and c.priority = p.priority and c.due_at > $1 order by c.due_at limit 1) c`,
);

/** A chunk that could be claimed. */
export interface DueChunk extends ChunkKey, Share {
  /** Recipients; null for everyone in the lane. */
  readonly targets: number | null;
  /** How many of its app were asked for. */
  readonly asked: number;
}

/** Chunks that wait or go apart from all others. */
export interface Share {
  readonly priority: Priority;
  readonly appId: string;
  readonly channel: Channel;
}

export interface DueOptions {
  /** Milliseconds on the injected clock: chunks due later are left alone. */
  readonly now: number;
  /** Chunks of each priority, about: it is divided among the apps that have any, rounded up. */
  readonly most: number;
  /** Whose chunks are not asked for. */
  readonly except: readonly Share[];
  /** Who may have something due besides those that have the oldest chunks. */
  readonly named: readonly Share[];
  /** Finds everybody who has something due, however much others have. */
  readonly wide: boolean;
}

/** What could be claimed, by priority and app, the oldest of each first. */
export function findDueChunks(
  database: Queryable,
  { now, most, except, named, wide }: DueOptions,
): Promise<DueChunk[]> {
  return database.rows<DueChunk>(claimable, [
    new Date(now),
    most,
    asJson(sharesOf(except)),
    asJson(sharesOf(named)),
    wide,
  ]);
}

export interface ClaimOptions {
  readonly owner: string;
  readonly now: number;
  readonly leaseMs: number;
}

/** Claims those of the chunks that are still to be had. */
export async function claimChunks(
  database: Queryable,
  keys: readonly ChunkKey[],
  { owner, now, leaseMs }: ClaimOptions,
): Promise<Chunk[]> {
  if (keys.length === 0) return [];
  const rows = keys.map(({ messageId, lane }) => ({ message_id: messageId, lane }));
  const values = [asJson(rows), owner, leaseMs, new Date(now)];
  return retryTransient(() => database.rows<Chunk>(claim, values));
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

function sharesOf(shares: readonly Share[]): object[] {
  return shares.map(({ priority, appId, channel }) => ({ priority, app_id: appId, channel }));
}

/** When the earliest chunk that is due after `after` is due, in milliseconds, or null when there is none. */
export async function nextChunkDueAt(database: Queryable, after: number): Promise<number | null> {
  const [row] = await database.rows<{ at: Date | null }>(nextDue, [new Date(after)]);
  return row?.at?.getTime() ?? null;
}
