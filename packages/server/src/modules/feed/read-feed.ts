import type { Queryable } from '../../platform/database/database.ts';
import type { FeedBatch } from './feed-batch.ts';
import type { FeedCursor } from './feed-cursor.ts';
import { readHeads, readNews } from './feed-store.ts';
import type { LaneNews } from './feed-store.ts';

const DAY_MS = 86_400_000;

/** Most batches read from one lane at a time. Lanes with more are read on in the next call. */
const BATCHES_A_LANE = 16;

/** A batch with the part of it that the reader has not seen: events from `from` up to `to`. */
export interface FeedSlice {
  readonly batch: FeedBatch;
  readonly from: number;
  readonly to: number;
}

export interface FeedPage {
  readonly slices: readonly FeedSlice[];
  readonly cursor: FeedCursor;
  /** There is more to read at once. */
  readonly more: boolean;
}

/**
 * The next events of an app after `cursor`, at most `limit` of them. Within a lane, and so for one
 * user, they come in commit order; between lanes about in the order of time.
 */
export async function readFeed(
  database: Queryable,
  appId: string,
  cursor: FeedCursor,
  limit: number,
): Promise<FeedPage> {
  // A day's slack: the database's clock may have stepped back over midnight.
  const since = new Date(Math.max(0, cursor.day - 1) * DAY_MS).toISOString().slice(0, 10);
  const wanted = { events: limit, batches: Math.min(BATCHES_A_LANE, limit) };
  return pageOf(cursor, await readNews(database, appId, cursor.positions, since, wanted), limit);
}

/** A cursor at the end of the feed: only what happens from now on comes after it. */
export async function feedEnd(database: Queryable): Promise<FeedCursor> {
  return { ...(await readHeads(database)), within: null };
}

/**
 * Pure: which parts of the news fit into `limit` events, and the cursor behind them.
 *
 * @param limit 1 or more
 */
export function pageOf(cursor: FeedCursor, news: readonly LaneNews[], limit: number): FeedPage {
  const positions = [...cursor.positions];
  const slices: FeedSlice[] = [];
  const readUpTo = new Map<number, FeedBatch>();
  let within: FeedCursor['within'] = null;
  let room = limit;

  for (const batch of inOrder(cursor, news)) {
    if (room === 0) break;
    const from = readBefore(cursor, batch);
    const to = Math.min(batch.size, from + room);
    slices.push({ batch, from, to });
    readUpTo.set(batch.lane, batch);
    room -= to - from;
    if (to < batch.size) {
      // Right before it: whatever lies between is of other apps.
      positions[batch.lane] = batch.position - 1;
      within = { lane: batch.lane, read: to };
      break;
    }
    positions[batch.lane] = batch.position;
  }

  // Where something is left to read, it is not older than what was read last of its lane.
  const days: number[] = [];
  for (const { lane, head, batches, isFull } of news) {
    const last = batches.at(-1);
    const readAll = last === undefined || positions[lane] === last.position;
    if (readAll && !isFull) positions[lane] = head;
    else days.push(readUpTo.get(lane)?.day ?? cursor.day);
  }
  const more = days.length > 0;
  const newest = [...readUpTo.values()].map((batch) => batch.day);
  const day = more ? Math.min(...days) : Math.max(cursor.day, ...newest);
  return { slices, cursor: { positions, day, within }, more };
}

/** Events of this batch that an earlier page ended with. */
function readBefore({ within, positions }: FeedCursor, { lane, position, size }: FeedBatch): number {
  const isNext = within?.lane === lane && position === (positions[lane] ?? 0) + 1;
  return isNext ? Math.min(within.read, size) : 0;
}

/**
 * By time over all lanes, except that a batch never comes before an earlier one of its lane, and
 * that a batch read in part comes first: only one can be in the middle.
 */
function inOrder(cursor: FeedCursor, news: readonly LaneNews[]): FeedBatch[] {
  const timed = news.flatMap(({ batches }) => {
    let latest = 0;
    return batches.map((batch) => {
      latest = Math.max(latest, batch.at);
      return { batch, at: readBefore(cursor, batch) > 0 ? -Infinity : latest };
    });
  });
  return timed
    .toSorted((a, b) => a.at - b.at || a.batch.lane - b.batch.lane || a.batch.position - b.batch.position)
    .map(({ batch }) => batch);
}
