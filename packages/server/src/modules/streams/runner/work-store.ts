import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

/** A stream that this process works until its lease is over. */
export interface ClaimedStream {
  readonly appId: string;
  readonly id: string;
  readonly name: string;
  readonly config: Buffer;
  readonly epoch: number;
  readonly updatedAt: Date;
  readonly cursor: string;
  readonly cursorAt: Date;
  readonly replayMessage: string | null;
  readonly replayCursor: string | null;
  readonly replayEnd: string | null;
  readonly failures: number;
  readonly pauses: number;
  readonly retryAt: Date | null;
}

/** Two that look at the same rows share them: each takes what the other has not locked. */
const claim = statement(
  'event-streams.claim',
  `with free as (
     select app_id, id from event_streams s
     where state = 'active' and (lease_until is null or lease_until <= $2)
       and not exists (select from jsonb_to_recordset($5) k (app uuid, id uuid) where k.app = s.app_id and k.id = s.id)
     order by lease_until nulls first limit $4 for update skip locked)
   update event_streams s set owner = $1, epoch = s.epoch + 1, lease_until = $3
   from free where s.app_id = free.app_id and s.id = free.id
   returning s.app_id as "appId", s.id, s.name, s.config, s.epoch, s.updated_at as "updatedAt", s.cursor,
     s.cursor_at as "cursorAt", s.replay_message as "replayMessage", s.replay_cursor as "replayCursor",
     s.replay_end as "replayEnd", s.failures, s.pauses, s.retry_at as "retryAt"`,
);

const renew = statement(
  'event-streams.renew',
  `update event_streams s set lease_until = $2
   from jsonb_to_recordset($1) k (app uuid, id uuid, epoch bigint)
   where s.app_id = k.app and s.id = k.id and s.epoch = k.epoch
   returning s.id, s.state, s.updated_at as "updatedAt"`,
);

const nextEnd = statement(
  'event-streams.next-lease-end',
  `select min(lease_until) as at from event_streams
   where state = 'active' and lease_until > $2 and owner is distinct from $1`,
);

/** A renewal that is under way at the same time finds another epoch. */
const release = statement(
  'event-streams.release',
  `update event_streams set owner = null, lease_until = null, epoch = epoch + 1
   where app_id = $1 and id = $2 and epoch = $3`,
);

const advance = statement(
  'event-streams.advance',
  `update event_streams set lease_until = $4, cursor = $5,
     cursor_at = case when cursor = $5 then cursor_at else $6 end, replay_cursor = $7,
     replay_message = case when $7::text is null then null else replay_message end,
     replay_end = case when $7::text is null then null else replay_end end,
     failures = $8, pauses = $9, retry_at = $10, delivered = delivered + $11, given_up = given_up + $12,
     last_taken_at = case when $11 > 0 then $6 else last_taken_at end, last_failure = coalesce($13, last_failure)
   where app_id = $1 and id = $2 and epoch = $3
   returning state, updated_at as "updatedAt"`,
);

const disable = statement(
  'event-streams.disable',
  `update event_streams set state = 'disabled', reason = $4, state_at = $5,
     owner = null, lease_until = null, epoch = epoch + 1
   where app_id = $1 and id = $2 and epoch = $3 and state = 'active'`,
);

export interface ClaimStreamsOptions {
  readonly owner: string;
  readonly now: number;
  readonly leaseMs: number;
  readonly most: number;
  /** Those that this process works already. */
  readonly except: readonly Pick<ClaimedStream, 'appId' | 'id'>[];
}

export function claimStreams(
  database: Queryable,
  { owner, now, leaseMs, most, except }: ClaimStreamsOptions,
): Promise<ClaimedStream[]> {
  const known = except.map(({ appId: app, id }) => ({ app, id }));
  const values = [owner, new Date(now), new Date(now + leaseMs), most, asJson(known)];
  return database.rows<ClaimedStream>(claim, values);
}

/** When the next lease of others is over, if they do not renew it: milliseconds since the epoch, null without any. */
export async function nextLeaseEnd(database: Queryable, owner: string, now: number): Promise<number | null> {
  const [row] = await database.rows<{ at: Date | null }>(nextEnd, [owner, new Date(now)]);
  return row?.at?.getTime() ?? null;
}

type Held = Pick<ClaimedStream, 'appId' | 'id' | 'epoch'>;

/** How a stream stands: anything but this means that it goes on with somebody else, or not at all. */
export interface Standing {
  readonly state: string;
  readonly updatedAt: Date;
}

/** By id; those that are lost are left out. */
export async function renewStreams(
  database: Queryable,
  streams: readonly Held[],
  until: number,
): Promise<Map<string, Standing>> {
  if (streams.length === 0) return new Map();
  const keys = streams.map(({ appId: app, id, epoch }) => ({ app, id, epoch }));
  const rows = await database.rows<Standing & { id: string }>(renew, [asJson(keys), new Date(until)]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Lets others have it at once. */
export async function releaseStream(database: Queryable, { appId, id, epoch }: Held): Promise<void> {
  await database.run(release, [appId, id, epoch]);
}

/** Where a stream is after a round. */
export interface Progress {
  readonly cursor: string;
  readonly replayCursor: string | null;
  readonly failures: number;
  readonly pauses: number;
  /** Milliseconds since the epoch; null for at once. */
  readonly retryAt: number | null;
  readonly delivered: number;
  readonly givenUp: number;
  readonly lastFailure: string | null;
}

/** Null when the stream is another's by now: then nothing was written. */
export async function advanceStream(
  transaction: Queryable,
  { appId, id, epoch }: Held,
  progress: Progress,
  { now, leaseMs }: { readonly now: number; readonly leaseMs: number },
): Promise<Standing | null> {
  const { cursor, replayCursor, failures, pauses, retryAt, delivered, givenUp, lastFailure } = progress;
  const [row] = await transaction.rows<Standing>(advance, [
    appId,
    id,
    epoch,
    new Date(now + leaseMs),
    cursor,
    new Date(now),
    replayCursor,
    failures,
    pauses,
    retryAt === null ? null : new Date(retryAt),
    delivered,
    givenUp,
    lastFailure,
  ]);
  return row ?? null;
}

/** False when it is another's by now, or paused. */
export async function disableStream(
  transaction: Queryable,
  { appId, id, epoch }: Held,
  reason: string,
  now: number,
): Promise<boolean> {
  return (await transaction.run(disable, [appId, id, epoch, reason, new Date(now)])) === 1;
}
