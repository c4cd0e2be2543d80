import { statement } from '../database/database.ts';
import type { Queryable } from '../database/database.ts';

const insert = statement(
  'export-files.insert',
  `insert into export_files (id, app_id, kind, subject, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)`,
);

const waiting = statement(
  'export-files.waiting',
  `select id from export_files where state = 'waiting' and app_id = $1 and kind = $2 and subject = $3
   order by created_at limit 1`,
);

const claim = statement(
  'export-files.claim',
  `update export_files f set attempt = f.attempt + 1, lease_until = now() + $1 * interval '1 millisecond'
   from (select id from export_files where state = 'waiting' and lease_until < now() and attempt < $2
         order by attempt, created_at limit 1 for update skip locked) next
   where f.id = next.id
   returning f.id, f.app_id as "appId", f.kind, f.subject, f.attempt`,
);

const append = statement(
  'export-files.append',
  `with mine as (
     update export_files set lease_until = now() + $5 * interval '1 millisecond'
     where id = $1 and attempt = $2 and state = 'waiting' returning app_id, id)
   insert into export_pieces (app_id, file_id, attempt, n, bytes) select app_id, id, $2, $3, $4 from mine`,
);

const finish = statement(
  'export-files.finish',
  `with finished as (
     update export_files set state = 'done', expires_at = $3 where id = $1 and attempt = $2 and state = 'waiting'
     returning id)
   delete from export_pieces p using finished f where p.file_id = f.id and p.attempt <> $2`,
);

const release = statement(
  'export-files.release',
  `update export_files set lease_until = '-infinity' where id = $1 and attempt = $2 and state = 'waiting'`,
);

const ready = statement(
  'export-files.ready',
  `select id, kind, attempt from export_files where id = $1 and state = 'done' and expires_at > $2`,
);

const piece = statement(
  'export-files.piece',
  `select bytes from export_pieces where file_id = $1 and attempt = $2 and n = $3`,
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

/** What a file is made of: its kind says who can make it. */
export interface ExportRequest {
  readonly appId: string;
  readonly kind: string;
  readonly subject: Readonly<Record<string, unknown>>;
}

export interface ClaimedFile extends ExportRequest {
  readonly id: string;
  readonly attempt: number;
}

export interface ReadyFile {
  readonly id: string;
  readonly kind: string;
  readonly attempt: number;
}

export async function insertFile(
  database: Queryable,
  id: string,
  { appId, kind, subject }: ExportRequest,
  { createdAt, expiresAt }: { readonly createdAt: number; readonly expiresAt: number },
): Promise<void> {
  const times = [new Date(createdAt), new Date(expiresAt)];
  await database.run(insert, [id, appId, kind, JSON.stringify(subject), ...times]);
}

/** A file of the very same that nobody has made yet. */
export async function findWaitingFile(
  database: Queryable,
  { appId, kind, subject }: ExportRequest,
): Promise<string | null> {
  const rows = await database.rows<{ id: string }>(waiting, [appId, kind, JSON.stringify(subject)]);
  return rows[0]?.id ?? null;
}

/** One that cannot be made is given up, so that it does not keep the others waiting. */
const MOST_ATTEMPTS = 20;

export async function claimFile(database: Queryable, leaseMs: number): Promise<ClaimedFile | null> {
  return (await database.rows<ClaimedFile>(claim, [leaseMs, MOST_ATTEMPTS]))[0] ?? null;
}

/** False when another worker has begun the file anew. */
export async function appendPiece(
  database: Queryable,
  { id, attempt }: ClaimedFile,
  n: number,
  bytes: Buffer,
  leaseMs: number,
): Promise<boolean> {
  return (await database.run(append, [id, attempt, n, bytes, leaseMs])) === 1;
}

export async function finishFile(
  database: Queryable,
  { id, attempt }: ClaimedFile,
  expiresAt: number,
): Promise<void> {
  await database.run(finish, [id, attempt, new Date(expiresAt)]);
}

/** To be begun anew at once, by anyone. */
export async function releaseFile(database: Queryable, { id, attempt }: ClaimedFile): Promise<void> {
  await database.run(release, [id, attempt]);
}

export async function findReadyFile(database: Queryable, id: string, now: number): Promise<ReadyFile | null> {
  return (await database.rows<ReadyFile>(ready, [id, new Date(now)]))[0] ?? null;
}

/** The bytes of a file, a piece at a time. */
export async function* readPieces(database: Queryable, { id, attempt }: ReadyFile): AsyncGenerator<Buffer> {
  for (let n = 0; ; n += 1) {
    const [row] = await database.rows<{ bytes: Buffer }>(piece, [id, attempt, n]);
    if (row === undefined) return;
    yield row.bytes;
  }
}

/** Lets go of up to `limit` files that have expired; how many went. */
export async function forgetFiles(database: Queryable, now: number, limit: number): Promise<number> {
  return (await database.rows(forget, [new Date(now), limit])).length;
}

/** Up to `limit` files of an app; how many went. */
export async function eraseFiles(database: Queryable, appId: string, limit: number): Promise<number> {
  return (await database.rows(erase, [appId, limit])).length;
}
