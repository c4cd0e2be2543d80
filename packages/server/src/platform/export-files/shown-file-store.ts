import { statement } from '../database/database.ts';
import type { Queryable } from '../database/database.ts';
import { MOST_ATTEMPTS } from './export-file-store.ts';
import type { ShownFile } from './export-file.ts';

const SHOWN = `id, app_id as "appId", kind, subject, name, found, created_at as "createdAt", ready_at as "readyAt",
  expires_at as "expiresAt", size,
  case when state = 'done' then 'ready' when state = 'cancelled' then 'cancelled'
    when attempt >= ${MOST_ATTEMPTS} and lease_until < now() then 'failed'
    when attempt = 0 then 'queued' else 'running' end as state`;

const one = statement(
  'export-files.shown',
  `select ${SHOWN} from export_files where app_id = $1 and id = $2 and kind = any($3) and expires_at > $4`,
);

const page = statement(
  'export-files.page',
  `select ${SHOWN} from export_files
   where app_id = $1 and kind = any($2) and expires_at > $3 and (created_at, id) < ($4::timestamptz, $5::uuid)
   order by created_at desc, id desc limit $6`,
);

// Held to the commit, so that two requests do not count the same files.
const takeTurn = statement(
  'export-files.take-turn',
  `select pg_advisory_xact_lock(hashtextextended('export files of ' || $1::text, 0))`,
);

const countUnmade = statement(
  'export-files.count-unmade',
  `select count(*) as n from export_files
   where app_id = $1 and kind = any($2) and state = 'waiting' and attempt < ${MOST_ATTEMPTS} and expires_at > $3`,
);

const cancel = statement(
  'export-files.cancel',
  `update export_files set state = 'cancelled' where app_id = $1 and id = $2 and state = 'waiting'`,
);

const remove = statement('export-files.remove', `delete from export_files where app_id = $1 and id = $2`);

const removePieces = statement(
  'export-files.remove-pieces',
  `delete from export_pieces where app_id = $1 and file_id = $2`,
);

export async function findShownFile(
  database: Queryable,
  appId: string,
  id: string,
  { kinds, now }: { readonly kinds: readonly string[]; readonly now: number },
): Promise<ShownFile | null> {
  return (await database.rows<ShownFile>(one, [appId, id, kinds, new Date(now)]))[0] ?? null;
}

export interface FilesQuery {
  readonly kinds: readonly string[];
  readonly now: number;
  readonly before: { readonly createdAt: Date; readonly id: string };
  readonly limit: number;
}

/** Newest first, behind a place. */
export function findShownFiles(
  database: Queryable,
  appId: string,
  { kinds, now, before, limit }: FilesQuery,
): Promise<ShownFile[]> {
  const values = [appId, kinds, new Date(now), before.createdAt, before.id, limit];
  return database.rows<ShownFile>(page, values);
}

/** How many files of these kinds wait to be made. Within a transaction: others that ask wait for its end. */
export async function countUnmadeFiles(
  transaction: Queryable,
  appId: string,
  kinds: readonly string[],
  now: number,
): Promise<number> {
  await transaction.rows(takeTurn, [appId]);
  const [row] = await transaction.rows<{ n: number }>(countUnmade, [appId, kinds, new Date(now)]);
  return row?.n ?? 0;
}

/** False when it is ready, or cancelled already. */
export async function cancelFile(transaction: Queryable, appId: string, id: string): Promise<boolean> {
  const cancelled = (await transaction.run(cancel, [appId, id])) === 1;
  // A statement of its own: it sees what was appended until the file was cancelled.
  if (cancelled) await transaction.run(removePieces, [appId, id]);
  return cancelled;
}

export async function removeFile(transaction: Queryable, appId: string, id: string): Promise<void> {
  await transaction.run(remove, [appId, id]);
  await transaction.run(removePieces, [appId, id]);
}
