import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { Chunk } from '../chunk.ts';

/** Each page takes its place behind the last one, whoever sends that: the row's lock makes the queue. */
const reserve = statement(
  'throttle.reserve',
  `update messages m set throttle_next_at = greatest(m.throttle_next_at, $2) + $3 * interval '1 millisecond'
   from (select id, throttle_next_at from messages where id = $1 for update) before
   where m.id = before.id
   returning greatest(before.throttle_next_at, $2) as at`,
);

const hold = statement(
  'throttle.hold',
  `update message_chunks c set state = 'ready', throttle_reserved = $4, lease_until = '-infinity',
     due_at = case when c.cancelled_at is null then $5 else c.due_at end
   where c.message_id = $1 and c.lane = $2 and c.epoch = $3 and c.state = 'open' and c.doubt_ids is null`,
);

/**
 * Takes the next place of a throttled message for some recipients, which last `spanMs`: when they may go, in
 * milliseconds since the epoch, `now` or later.
 */
export async function reserveTurn(
  database: Queryable,
  messageId: string,
  now: number,
  spanMs: number,
): Promise<number> {
  const [row] = await database.rows<{ at: Date }>(reserve, [messageId, new Date(now), spanMs]);
  // Erased meanwhile: the chunk is on its way out too.
  return row?.at.getTime() ?? now;
}

/** Gives a chunk back until `at`, when so many of its recipients have their turn. */
export async function holdChunk(
  database: Queryable,
  { messageId, lane, epoch }: Chunk,
  reserved: number,
  at: number,
): Promise<void> {
  await database.run(hold, [messageId, lane, epoch, reserved, new Date(at)]);
}
