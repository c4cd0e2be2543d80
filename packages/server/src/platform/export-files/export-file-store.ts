import { statement } from '../database/database.ts';
import type { Queryable } from '../database/database.ts';
import type { ClaimedFile, ExportRequest, NewFile } from './export-file.ts';

/** One that cannot be made is given up, so that it does not keep the others waiting. */
export const MOST_ATTEMPTS = 20;

const insert = statement(
  'export-files.insert',
  `insert into export_files (id, app_id, kind, subject, name, packed, created_at, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);

const waiting = statement(
  'export-files.waiting',
  `select id, name from export_files
   where state = 'waiting' and attempt < ${MOST_ATTEMPTS} and app_id = $1 and kind = $2 and subject = $3
   order by created_at limit 1`,
);

const claim = statement(
  'export-files.claim',
  `update export_files f set attempt = f.attempt + 1, found = 0, lease_until = now() + $1 * interval '1 millisecond'
   from (select id from export_files where state = 'waiting' and lease_until < now() and attempt < ${MOST_ATTEMPTS}
         order by attempt, created_at limit 1 for update skip locked) next
   where f.id = next.id
   returning f.id, f.app_id as "appId", f.kind, f.subject, f.attempt, f.packed`,
);

const renew = statement(
  'export-files.renew',
  `update export_files set found = $3, lease_until = now() + $4 * interval '1 millisecond'
   where id = $1 and attempt = $2 and state = 'waiting'`,
);

const append = statement(
  'export-files.append',
  `with mine as (
     update export_files set found = $5, lease_until = now() + $6 * interval '1 millisecond'
     where id = $1 and attempt = $2 and state = 'waiting' returning app_id, id)
   insert into export_pieces (app_id, file_id, attempt, n, bytes) select app_id, id, $2, $3, $4 from mine`,
);

const finish = statement(
  'export-files.finish',
  `with finished as (
     update export_files set state = 'done', found = $3, size = $4, ready_at = $5, expires_at = $6
     where id = $1 and attempt = $2 and state = 'waiting'
     returning id)
   delete from export_pieces p using finished f where p.file_id = f.id and p.attempt <> $2`,
);

const release = statement(
  'export-files.release',
  `update export_files set lease_until = '-infinity' where id = $1 and attempt = $2 and state = 'waiting'`,
);

const forget = statement(
  'export-files.forget',
  `with gone as (
     delete from export_files where id in (select id from export_files where expires_at <= $1 limit $2)
     returning id),
   pieces as (delete from export_pieces p using gone where p.file_id = gone.id)
   select id from gone`,
);

const erase = statement(
  'export-files.erase',
  `with gone as (
     delete from export_files where id in (select id from export_files where app_id = $1 limit $2) returning id),
   pieces as (delete from export_pieces p using gone where p.file_id = gone.id)
   select id from gone`,
);

export async function insertFile(database: Queryable, file: NewFile): Promise<void> {
  const { id, appId, kind, subject, name, packed, createdAt, expiresAt } = file;
  const values = [id, appId, kind, JSON.stringify(subject), name, packed, createdAt, expiresAt];
  await database.run(insert, values);
}

/** A file of the very same that nobody has made yet. */
export async function findWaitingFile(
  database: Queryable,
  { appId, kind, subject }: ExportRequest,
): Promise<{ readonly id: string; readonly name: string } | null> {
  const values = [appId, kind, JSON.stringify(subject)];
  return (await database.rows<{ id: string; name: string }>(waiting, values))[0] ?? null;
}

export async function claimFile(database: Queryable, leaseMs: number): Promise<ClaimedFile | null> {
  return (await database.rows<ClaimedFile>(claim, [leaseMs]))[0] ?? null;
}

/** False when it is this worker's no more: cancelled, deleted, or begun anew by another one. */
export async function renewFile(
  database: Queryable,
  { id, attempt }: ClaimedFile,
  found: number,
  leaseMs: number,
): Promise<boolean> {
  return (await database.run(renew, [id, attempt, found, leaseMs])) === 1;
}

export interface Piece {
  readonly n: number;
  readonly bytes: Buffer;
  /** Lines of the file so far. */
  readonly found: number;
}

/** False as `renewFile`. */
export async function appendPiece(
  database: Queryable,
  { id, attempt }: ClaimedFile,
  { n, bytes, found }: Piece,
  leaseMs: number,
): Promise<boolean> {
  return (await database.run(append, [id, attempt, n, bytes, found, leaseMs])) === 1;
}

export async function finishFile(
  database: Queryable,
  { id, attempt }: ClaimedFile,
  made: {
    readonly found: number;
    readonly size: number;
    readonly readyAt: number;
    readonly expiresAt: number;
  },
): Promise<void> {
  const { found, size, readyAt, expiresAt } = made;
  await database.run(finish, [id, attempt, found, size, new Date(readyAt), new Date(expiresAt)]);
}

/** To be begun anew at once, by anyone. */
export async function releaseFile(database: Queryable, { id, attempt }: ClaimedFile): Promise<void> {
  await database.run(release, [id, attempt]);
}

/** Lets go of up to `limit` files that have expired; how many went. */
export async function forgetFiles(database: Queryable, now: number, limit: number): Promise<number> {
  return (await database.rows(forget, [new Date(now), limit])).length;
}

/** Up to `limit` files of an app; how many went. */
export async function eraseFiles(database: Queryable, appId: string, limit: number): Promise<number> {
  return (await database.rows(erase, [appId, limit])).length;
}
