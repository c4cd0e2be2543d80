import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { noteChangedUsers } from '../change-log-store.ts';
import type { UserBefore } from './user-before-store.ts';

const removeCreated = statement(
  'users.undo-created',
  `select count(delete_user($1, u.lane, u.id, null, $4::jsonb, $5))::int as done
   from (
     select u.lane, u.id from unnest($2::uuid[]) x (id)
     cross join lateral (
       select * from users u where u.lane = lane_of(x.id) and u.id = x.id and u.app_id = $1 limit 1) u
     where u.updated_at = $3 and not exists (
       select from subscriptions s where s.lane = u.lane and s.user_id = u.id and s.updated_at <> $3)
     order by u.lane, u.id
   ) u`,
);

// What a subscription of the same moment is that was not there before, the change has made.
const restore = statement(
  'users.undo-changed',
  `with x as materialized (
     select * from jsonb_to_recordset($2) x (id uuid, tags jsonb, language text, timezone_id text, country text,
       properties jsonb, updated_at timestamptz, subscriptions jsonb)
   ), restored as (
     update users u set tags = x.tags, language = x.language, timezone_id = x.timezone_id, country = x.country,
       properties = x.properties, updated_at = x.updated_at
     from (
       select u.lane, x.* from x
       cross join lateral (
         select * from users u where u.lane = lane_of(x.id) and u.id = x.id and u.app_id = $1 limit 1) u
       where u.updated_at = $3
       order by u.lane, u.id for update of u
     ) x
     where u.lane = x.lane and u.id = x.id and u.updated_at = $3
     returning u.lane, u.id, x.subscriptions
   )
   select r.id, coalesce((
     select array_agg(s.id::text) from subscriptions s
     where s.lane = r.lane and s.user_id = r.id and s.updated_at = $3 and not r.subscriptions ? s.id::text), '{}') as added
   from restored r`,
);

const removeAdded = statement(
  'users.undo-added',
  'select delete_subscription($1, x.id, $3::jsonb, $4) from unnest($2::uuid[]) x (id)',
);

/** Who undoes something, and when. */
export interface UndoContext {
  readonly appId: string;
  /** When what is undone was written, in milliseconds. */
  readonly writtenAt: number;
  readonly history: { readonly source: string; readonly actor: string | null };
  readonly now: number;
}

/** Deletes users whom nobody has written about since they were made; how many those were. */
export async function undoCreated(
  transaction: Queryable,
  ids: readonly string[],
  { appId, writtenAt, history, now }: UndoContext,
): Promise<number> {
  if (ids.length === 0) return 0;
  const values = [appId, ids, new Date(writtenAt), asJson([history]).slice(1, -1), new Date(now)];
  return (await transaction.rows<{ done: number }>(removeCreated, values))[0]?.done ?? 0;
}

/** Makes users what they were before, and takes their new subscriptions away, where nothing else was written since. */
export async function undoChanged(
  transaction: Queryable,
  before: readonly UserBefore[],
  { appId, writtenAt, history, now }: UndoContext,
): Promise<number> {
  if (before.length === 0) return 0;
  const rows = await transaction.rows<{ id: string; added: readonly string[] }>(restore, [
    appId,
    asJson(before),
    new Date(writtenAt),
  ]);
  const added = rows.flatMap((row) => row.added);
  await noteChangedUsers(transaction, appId, () => rows.map(({ id }) => id), now);
  if (added.length > 0) {
    await transaction.run(removeAdded, [appId, added, asJson([history]).slice(1, -1), new Date(now)]);
  }
  return rows.length;
}
