import type { Queryable } from '../../platform/database/database.ts';
import type { FeedBatch } from './feed-batch.ts';
import type { FeedCursor } from './feed-cursor.ts';
import { FEED_START } from './feed-cursor.ts';
import { readHeads, readNews } from './feed-store.ts';
import type { LaneNews } from './feed-store.ts';

const DAY_MS = 86_400_000;

/** Batches read from one lane at a time. Lanes with more are read on in the next call. */
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
  // A day's slack: the machine's clock may have stepped back over midnight.
  const since = new Date(Math.max(0, cursor.day - 1) * DAY_MS).toISOString().slice(0, 10);
  const news = await readNews(database, appId, cursor.positions, since, BATCHES_A_LANE);
  return pageOf(cursor, news, limit);
}

/** A cursor at the end of the feed: only what happens from now on comes after it. */
export async function feedEnd(database: Queryable, now: number): Promise<FeedCursor> {
  return { ...FEED_START, positions: await readHeads(database), day: Math.floor(now / DAY_MS) };
}

/** Pure: which parts of the news fit into `limit` events, and the cursor behind them. */
export function pageOf(cursor: FeedCursor, news: readonly LaneNews[], limit: number): FeedPage {
  const positions = [...cursor.positions];
  const slices: FeedSlice[] = [];
  let within: FeedCursor['within'] = null;
  let day = cursor.day;
  let room = limit;
  let more = false;

  for (const batch of inOrder(cursor, news)) {
    if (room === 0) {
      more = true;
      break;
    }
    const from =
      cursor.within?.lane === batch.lane && positions[batch.lane] === cursor.positions[batch.lane]
        ? cursor.within.read
        : 0;
    const to = Math.min(batch.size, from + room);
    slices.push({ batch, from, to });
    room -= to - from;
    if (to < batch.size) {
      within = { lane: batch.lane, read: to };
      more = true;
      break;
    }
    positions[batch.lane] = batch.position;
    day = Math.max(day, Math.floor(batch.at / DAY_MS));
  }
  // Kept until the batch that it is about has been read to its end.
  if (
    within === null &&
    cursor.within !== null &&
    positions[cursor.within.lane] === cursor.positions[cursor.within.lane]
  ) {
    within = cursor.within;
  }
  for (const { lane, head, batches } of news) {
    const last = batches.at(-1);
    const readAll = last === undefined || positions[lane] === last.position;
    if (!readAll) more = true;
    else if (batches.length < BATCHES_A_LANE) positions[lane] = head;
    else more = true;
  }
  return { slices, cursor: { positions, day, within }, more };
}

/**
 * By time over all lanes, except that a batch never comes before an earlier one of its lane, and
 * that a batch read in part comes first: only one can be in the middle.
 */
function inOrder(cursor: FeedCursor, news: readonly LaneNews[]): FeedBatch[] {
  const timed = news.flatMap(({ lane, batches }) => {
    let latest = 0;
    return batches.map((batch, index) => {
      latest = Math.max(latest, batch.at);
      return { batch, at: cursor.within?.lane === lane && index === 0 ? 0 : latest };
    });
  });
  return timed
    .toSorted((a, b) => a.at - b.at || a.batch.lane - b.batch.lane || a.batch.position - b.batch.position)
    .map(({ batch }) => batch);
}
