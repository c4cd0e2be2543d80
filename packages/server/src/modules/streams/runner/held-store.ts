import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { EventPlace } from '../happening.ts';

/** An event that waits for another try, or for one of the same user before it. */
export interface HeldEvent {
  readonly userKey: string;
  readonly place: EventPlace;
  readonly eventId: string;
  /** Tries in vain; 0 behind another. */
  readonly attempts: number;
  /** Milliseconds since the epoch. */
  readonly dueAt: number;
  readonly reason: string | null;
}

interface Row {
  readonly userKey: string;
  readonly lane: number;
  readonly position: number;
  readonly nth: number;
  readonly day: number;
  readonly eventId: string;
  readonly attempts: number;
  readonly dueAt: Date;
  readonly reason: string | null;
}

const keys = statement(
  'event-stream-held.keys',
  `select user_key as "userKey", count(*)::int as count from event_stream_held
   where app_id = $1 and stream_id = $2 group by user_key`,
);

/** The first of each user, as far as they are due. */
const firsts = statement(
  'event-stream-held.firsts',
  `select * from (
     select distinct on (user_key) user_key as "userKey", lane, position, nth, day - date '1970-01-01' as day,
       event_id as "eventId", attempts, due_at as "dueAt", reason
     from event_stream_held where app_id = $1 and stream_id = $2
     order by user_key, lane, position, nth) f
   where "dueAt" <= $3 order by "dueAt", "userKey" limit $4`,
);

const nextDue = statement(
  'event-stream-held.next-due',
  `select min(due_at) as at from (
     select distinct on (user_key) due_at from event_stream_held
     where app_id = $1 and stream_id = $2 order by user_key, lane, position, nth) f`,
);

const put = statement(
  'event-stream-held.put',
  `insert into event_stream_held
     (app_id, stream_id, user_key, lane, position, nth, day, event_id, attempts, due_at, reason)
   select $1, $2, user_key, lane, position, nth, date '1970-01-01' + day, event_id, attempts, due_at, reason
   from jsonb_to_recordset($3) as k (user_key text, lane int, position bigint, nth int, day int, event_id uuid,
     attempts int, due_at timestamptz, reason text)
   on conflict (app_id, stream_id, user_key, lane, position, nth) do update
   set attempts = excluded.attempts, due_at = excluded.due_at, reason = coalesce(excluded.reason, event_stream_held.reason)`,
);

const remove = statement(
  'event-stream-held.remove',
  `delete from event_stream_held h
   using jsonb_to_recordset($3) as k (user_key text, lane int, position bigint, nth int)
   where h.app_id = $1 and h.stream_id = $2 and h.user_key = k.user_key and h.lane = k.lane
     and h.position = k.position and h.nth = k.nth`,
);

/** Of a stream. */
export interface StreamPlace {
  readonly appId: string;
  readonly id: string;
}

/** Users of whom something is held, and how much. */
export async function heldUsers(
  database: Queryable,
  { appId, id }: StreamPlace,
): Promise<Map<string, number>> {
  const rows = await database.rows<{ userKey: string; count: number }>(keys, [appId, id]);
  return new Map(rows.map(({ userKey, count }) => [userKey, count]));
}

/** The first held event of each user that is due by `by`, at most `limit`. */
export async function firstHeld(
  database: Queryable,
  { appId, id }: StreamPlace,
  by: number,
  limit: number,
): Promise<HeldEvent[]> {
  const rows = await database.rows<Row>(firsts, [appId, id, new Date(by), limit]);
  return rows.map(({ lane, position, nth, day, dueAt, ...rest }) => ({
    ...rest,
    place: { lane, position, nth, day },
    dueAt: dueAt.getTime(),
  }));
}

/** When the next is due, in milliseconds; null when nothing is held. */
export async function nextHeldAt(database: Queryable, { appId, id }: StreamPlace): Promise<number | null> {
  const [row] = await database.rows<{ at: Date | null }>(nextDue, [appId, id]);
  return row?.at?.getTime() ?? null;
}

export async function putHeld(
  transaction: Queryable,
  { appId, id }: StreamPlace,
  events: readonly HeldEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(({ userKey, place, eventId, attempts, dueAt, reason }) => ({
    ...keyOf({ userKey, place }),
    day: place.day,
    event_id: eventId,
    attempts,
    due_at: new Date(dueAt),
    reason,
  }));
  await transaction.run(put, [appId, id, asJson(rows)]);
}

export async function removeHeld(
  transaction: Queryable,
  { appId, id }: StreamPlace,
  events: readonly Pick<HeldEvent, 'userKey' | 'place'>[],
): Promise<void> {
  if (events.length === 0) return;
  await transaction.run(remove, [appId, id, asJson(events.map(keyOf))]);
}

function keyOf({ userKey, place: { lane, position, nth } }: Pick<HeldEvent, 'userKey' | 'place'>) {
  return { user_key: userKey, lane, position, nth };
}
