import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { FeedCursor } from './feed-cursor.ts';

const below = statement(
  'feed.below-floor',
  `select f.lane, f.position from feed_floors f
   join unnest($2::bigint[]) with ordinality c (position, nth) on c.nth = f.lane + 1
   where f.app_id = $1 and f.position > c.position`,
);

/** Notes how far each app's news in a partition goes, before it is dropped: no reader skips them in silence. */
export async function noteFloors(transaction: Queryable, partition: string): Promise<void> {
  const text = `insert into feed_floors as f (app_id, lane, position)
    select app_id, lane, max(position) from ${partition} group by app_id, lane
    on conflict (app_id, lane) do update set position = greatest(f.position, excluded.position)`;
  await transaction.run({ name: '', text });
}

/** The cursor behind what is no longer kept; null when nothing that comes after it is gone. */
export async function skipDropped(
  database: Queryable,
  appId: string,
  cursor: FeedCursor,
): Promise<FeedCursor | null> {
  const values = [appId, cursor.positions];
  const rows = await database.rows<{ lane: number; position: number }>(below, values);
  if (rows.length === 0) return null;
  const positions = [...cursor.positions];
  for (const { lane, position } of rows) positions[lane] = position;
  const within = rows.some(({ lane }) => lane === cursor.within?.lane) ? null : cursor.within;
  return { ...cursor, positions, within };
}
