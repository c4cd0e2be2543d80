import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { FeedBatch, FeedEvent } from './feed-batch.ts';

/**
 * CTEs that append the rows of a CTE named `news` to the feed, to be put into the statement that
 * makes the news, so that both commit together:
 *
 *     with ..., news (lane, app_id, kind, size, message_id, page, first_id, last_id, events, at) as (...), ${APPEND_NEWS}
 *     select ...
 *
 * The heads are locked in the order of their lanes, so that two appenders cannot wait for each
 * other, and until the commit, so that positions appear in the order in which they were taken. An
 * UPDATE after the lock sees the newest version of the row even where the statement's snapshot is
 * older.
 */
export const APPEND_NEWS = `
  feed_locked as materialized (
    select lane from feed_heads where lane in (select lane from news) order by lane for update
  ),
  feed_taken as (
    update feed_heads h set position = h.position + n.batches
    from (select lane, count(*) as batches from news group by lane) n
    join feed_locked using (lane)
    where h.lane = n.lane
    returning h.lane, h.position - n.batches as before
  ),
  feed_appended as (
    insert into feed (lane, position, app_id, kind, size, message_id, page, first_id, last_id, events, at)
    select n.lane, t.before + row_number() over (partition by n.lane), n.app_id, n.kind, n.size,
      n.message_id, n.page, n.first_id, n.last_id, n.events, n.at
    from news n join feed_taken t using (lane)
    returning lane
  )`;

/** Of a lane. */
const FEWEST_BATCHES = 4;

/**
 * One snapshot for heads and batches: what lies at or below a head is there, or was never of this app. Where many lanes
 * have news, fewer batches of each are enough for a page: what is not needed now would be read again.
 */
const read = statement(
  'feed.read',
  `with moved as materialized (
     select h.lane, h.position as head, c.position from feed_heads h
     join unnest($2::bigint[]) with ordinality c (position, nth) on c.nth = h.lane + 1
     where h.position > c.position),
   most as materialized (
     select least($4::int, greatest(${FEWEST_BATCHES}, $5::int / greatest(1, count(*)) + 1))::int as batches from moved)
   select h.lane, h.head, m.batches as most, f.position, f.day - date '1970-01-01' as day, f.kind, f.size, f.message_id,
     f.page, f.first_id, f.last_id, f.events, f.at
   from moved h cross join most m
   left join lateral (
     select * from feed
     where lane = h.lane and position > h.position and position <= h.head and day >= $3 and app_id = $1
     order by position limit m.batches
   ) f on true
   order by h.lane, f.position`,
);

const heads = statement(
  'feed.heads',
  `select position, (now() at time zone 'utc')::date - date '1970-01-01' as day from feed_heads order by lane`,
);

const places = statement(
  'feed.places',
  `select k.lane, null::bigint as head, f.position, f.day - date '1970-01-01' as day, f.kind, f.size, f.message_id, f.page, f.first_id, f.last_id, f.events, f.at
   from jsonb_to_recordset($2) as k (lane int, position bigint, day date)
   join feed f on f.lane = k.lane and f.position = k.position and f.day = k.day
   where f.app_id = $1`,
);

/** A lane that has moved on since the cursor: where its head is, and this app's batches up to there. */
export interface LaneNews {
  readonly lane: number;
  readonly head: number;
  readonly batches: FeedBatch[];
  /** There may be more of them. */
  readonly isFull: boolean;
}

interface Row {
  lane: number;
  head: number;
  most: number;
  position: number | null;
  day: number;
  kind: 'deliveries' | 'events';
  size: number;
  message_id: string | null;
  page: number;
  first_id: string;
  last_id: string;
  events: FeedEvent[];
  at: Date;
}

/** How much is wanted. */
export interface NewsWanted {
  /** Events in all. */
  readonly events: number;
  /** Batches of a lane at most. */
  readonly batches: number;
}

/** What came after `positions`, a part of it if there is much; lanes where nothing came are left out. */
export async function readNews(
  database: Queryable,
  appId: string,
  positions: readonly number[],
  since: string,
  { events, batches }: NewsWanted,
): Promise<LaneNews[]> {
  const rows = await database.rows<Row>(read, [appId, positions, since, batches, events]);
  const lanes = new Map<number, { lane: number; head: number; batches: FeedBatch[]; isFull: boolean }>();
  for (const row of rows) {
    const news = lanes.get(row.lane) ?? { lane: row.lane, head: row.head, batches: [], isFull: false };
    lanes.set(row.lane, news);
    if (row.position !== null) news.batches.push(batchOf(row, row.position));
    news.isFull = news.batches.length >= row.most;
  }
  return [...lanes.values()];
}

/** Where a batch is. */
export interface BatchPlace {
  readonly lane: number;
  readonly position: number;
  readonly day: number;
}

/** The batches at these places, as far as they are kept, in no order. */
export async function readBatches(
  database: Queryable,
  appId: string,
  at: readonly BatchPlace[],
): Promise<FeedBatch[]> {
  if (at.length === 0) return [];
  const keys = at.map(({ lane, position, day }) => ({ lane, position, day: dateOf(day) }));
  const rows = await database.rows<Row>(places, [appId, asJson(keys)]);
  return rows.map((row) => batchOf(row, row.position ?? 0));
}

function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** The last position of every lane, and the database's day. */
export async function readHeads(
  database: Queryable,
): Promise<{ readonly positions: number[]; readonly day: number }> {
  const rows = await database.rows<{ position: number; day: number }>(heads);
  return { positions: rows.map((row) => row.position), day: rows[0]?.day ?? 0 };
}

function batchOf(row: Row, position: number): FeedBatch {
  const placed = {
    lane: row.lane,
    position,
    day: row.day,
    size: row.size,
    at: row.at.getTime(),
  };
  switch (row.kind) {
    case 'deliveries':
      return {
        ...placed,
        kind: 'deliveries',
        messageId: row.message_id ?? '',
        page: row.page,
        firstId: row.first_id,
        lastId: row.last_id,
      };
    case 'events':
      return { ...placed, kind: 'events', messageId: row.message_id, events: row.events };
  }
}
