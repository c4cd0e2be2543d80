import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

/**
 * Marks users as written to, and tells whom. Somebody who has as many marks in the window as are allowed gets
 * none; a mark of the same message counts once, so that whoever is tried again is not held back by the first
 * attempt. Two pages that mark one user take turns on the row.
 */
const mark = statement(
  'frequency.mark',
  `insert into frequency_marks as m (lane, user_id, channel, app_id, message_ids, times, last_at)
   select u.lane, u.id, $3, $2, array[$4::uuid], array[$5::timestamptz], $5
   from jsonb_to_recordset($1) as u (lane int, id uuid) order by u.lane, u.id
   on conflict (lane, user_id, channel) do update set
     message_ids = array(select k.id from unnest(m.message_ids, m.times) k (id, at)
       where k.at > $6 and k.id <> $4 order by k.at) || $4::uuid,
     times = array(select k.at from unnest(m.message_ids, m.times) k (id, at)
       where k.at > $6 and k.id <> $4 order by k.at) || coalesce(
       (select k.at from unnest(m.message_ids, m.times) k (id, at) where k.id = $4), $5),
     last_at = $5
   where $7 or $4 = any(m.message_ids)
     or (select count(*) from unnest(m.times) t where t > $6) < $8
   returning m.user_id as id`,
);

const forget = statement(
  'frequency.forget',
  `delete from frequency_marks where (lane, user_id, channel) in (
     select lane, user_id, channel from frequency_marks where last_at < $1 order by last_at limit $2)`,
);

const erase = statement(
  'frequency.erase-app',
  `delete from frequency_marks where (lane, user_id, channel) in (
     select lane, user_id, channel from frequency_marks where app_id = $1 limit $2)`,
);

const eraseUsers = statement(
  'frequency.erase-users',
  'delete from frequency_marks where lane = $1 and user_id = any($2) returning user_id as id',
);

export interface MarkOptions {
  readonly appId: string;
  readonly channel: string;
  readonly messageId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Marks of this time and before do not count any more. */
  readonly since: number;
  readonly most: number;
  /** Mark everybody, whatever the marks say. */
  readonly always: boolean;
}

/** The ids of those who may be written to now; different users only. */
export async function markUsers(
  database: Queryable,
  users: readonly { readonly lane: number; readonly userId: string }[],
  { appId, channel, messageId, now, since, most, always }: MarkOptions,
): Promise<Set<string>> {
  const rows = users.map(({ lane, userId }) => ({ lane, id: userId }));
  const at = new Date(now);
  const values = [asJson(rows), appId, channel, messageId, at, new Date(since), always, most];
  const marked = await database.rows<{ id: string }>(mark, values);
  return new Set(marked.map(({ id }) => id));
}

/** Forgets up to `limit` users whose last mark is older; how many. */
export function forgetMarks(database: Queryable, before: number, limit: number): Promise<number> {
  return database.run(forget, [new Date(before), limit]);
}

/** Up to `limit` marks of an app; how many went. */
export function eraseMarks(transaction: Queryable, appId: string, limit: number): Promise<number> {
  return transaction.run(erase, [appId, limit]);
}

/** Whose marks went. */
export async function eraseMarksOf(
  database: Queryable,
  lane: number,
  users: readonly string[],
): Promise<string[]> {
  return (await database.rows<{ id: string }>(eraseUsers, [lane, users])).map(({ id }) => id);
}
