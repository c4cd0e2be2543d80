import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { LANES } from '../../platform/ids.ts';
import type { FeedCursor } from './feed-cursor.ts';

/** Batches that are counted of each lane: a reader that is further behind is told that it is at least so far. */
const MOST_A_LANE = 1_000;
const DAY_MS = 86_400_000;

const lag = statement(
  'feed.lag',
  `select coalesce(sum(f.size), 0)::bigint as events, min(f.at) as "oldestAt",
     coalesce(bool_or(f.nth = ${MOST_A_LANE}), false) as "isAtLeast"
   from feed_heads h
   join unnest($2::bigint[]) with ordinality c (position, nth) on c.nth = h.lane + 1
   join lateral (
     select size, at, row_number() over (order by position) as nth from feed
     where lane = h.lane and position > c.position and position <= h.position and day >= $3 and app_id = $1
     order by position limit ${MOST_A_LANE}) f on true
   where h.position > c.position`,
);

const before = statement(
  'feed.before',
  `select h.lane, coalesce(f.position - 1, h.position) as position, f.day - date '1970-01-01' as day
   from feed_heads h
   left join lateral (
     select position, day from feed
     where lane = h.lane and app_id = $1 and day >= $3 and at >= $2
     order by position limit 1) f on true
   order by h.lane`,
);

export interface FeedLag {
  readonly events: number;
  /** There are more. */
  readonly isAtLeast: boolean;
  /** When the oldest of them was written. */
  readonly oldestAt: Date | null;
}

/** How far a reader is behind. */
export async function readLag(database: Queryable, appId: string, cursor: FeedCursor): Promise<FeedLag> {
  const [row] = await database.rows<FeedLag>(lag, [appId, cursor.positions, dateBefore(cursor.day)]);
  const found = row ?? { events: 0, isAtLeast: false, oldestAt: null };
  return { ...found, events: Math.max(0, found.events - (cursor.within?.read ?? 0)) };
}

/** A cursor before everything that was written at `at` (milliseconds) or later. */
export async function cursorBefore(database: Queryable, appId: string, at: number): Promise<FeedCursor> {
  const day = Math.max(0, Math.floor(at / DAY_MS) - 1);
  const rows = await database.rows<{ position: number; day: number | null }>(before, [
    appId,
    new Date(at),
    dateBefore(day + 1),
  ]);
  if (rows.length !== LANES) throw new Error('a lane has no head');
  return { positions: rows.map((row) => row.position), day, within: null };
}

function dateBefore(day: number): string {
  return new Date(Math.max(0, day - 1) * DAY_MS).toISOString().slice(0, 10);
}
