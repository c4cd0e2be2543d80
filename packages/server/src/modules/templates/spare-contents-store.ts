import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { ContentKey } from './content-store.ts';
import { SPARE_AFTER_MS } from './spare-contents.ts';

const spare = statement(
  'contents.spare',
  `insert into spare_contents (app_id, id, since)
   select distinct app_id, id, $2::timestamptz from jsonb_to_recordset($1) as x (app_id uuid, id uuid)
   on conflict (app_id, id) do update set since = excluded.since`,
);

const waiting = statement(
  'contents.spare-of-apps',
  `select app_id as "appId", id from spare_contents where app_id = any($1) limit $2`,
);

// Those that a template says are not spare, and neither are those of `in_use`. A content that was kept lately
// stays: somebody may be about to refer to it.
const remove = statement(
  'contents.delete-spare',
  `with asked as materialized (
     select * from jsonb_to_recordset($1) as x (app_id uuid, id uuid, in_use boolean)),
   needed as materialized (
     select a.app_id, a.id from asked a
     where a.in_use or exists (
       select from templates t where t.app_id = a.app_id and t.content_id = a.id)),
   gone as (
     delete from contents c using asked a
     where c.app_id = a.app_id and c.id = a.id and c.kept_at < $2
       and not exists (select from needed n where n.app_id = a.app_id and n.id = a.id)
     returning c.app_id, c.id),
   settled as (
     delete from spare_contents s
     using (select app_id, id from gone union all select app_id, id from needed) x
     where s.app_id = x.app_id and s.id = x.id
     returning s.id)
   select (select count(*)::int from settled) as settled`,
);

const CONTENTS_A_STEP = 1_000;

/** Notes down contents that were made for somebody who is gone: nobody else may need them. */
export async function spareContents(
  database: Queryable,
  contents: readonly ContentKey[],
  now: number,
): Promise<void> {
  if (contents.length === 0) return;
  await database.run(spare, [
    asJson(contents.map(({ appId, id }) => ({ app_id: appId, id }))),
    new Date(now),
  ]);
}

/** Contents of these apps that may be deleted, some of them when there are many. */
export function findSpare(database: Queryable, appIds: readonly string[]): Promise<ContentKey[]> {
  return database.rows<ContentKey>(waiting, [appIds, CONTENTS_A_STEP]);
}

/**
 * Deletes spare contents, without those that somebody else refers to: `isInUse` where that is a message.
 * Returns how many were settled one way or the other; the rest is too new.
 */
export async function deleteSpare(
  database: Queryable,
  contents: readonly (ContentKey & { readonly isInUse: boolean })[],
  now: number,
): Promise<number> {
  const rows = contents.map(({ appId, id, isInUse }) => ({ app_id: appId, id, in_use: isInUse }));
  const [row] = await database.rows<{ settled: number }>(remove, [
    asJson(rows),
    new Date(now - SPARE_AFTER_MS),
  ]);
  return row?.settled ?? 0;
}
