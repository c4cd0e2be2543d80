import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { ImportRecord } from './import-record.ts';

/** The columns of an import `i` as an ImportRecord. */
export const RECORD = `i.id, i.app_id as "appId", i.name, i.state, i.url, i.host, i.settings, i.bytes, i.run, i.batch, i.position, i.line,
  jsonb_build_object('rows', i.row_count, 'created', i.created, 'updated', i.updated, 'unchanged', i.unchanged,
    'rejected', i.rejected) as counts,
  i.dry_run as "dryRun", i.undo, i.fault, i.key_id as "keyId", i.epoch, i.attempts, i.turn_at is not null as "isBegun",
  i.created_at as "createdAt", i.started_at as "startedAt", i.ended_at as "endedAt", i.expires_at as "expiresAt"`;

const insert = statement(
  'imports.insert',
  `insert into imports (id, app_id, name, state, url, host, created_at, queued_at, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7, $7, $8)`,
);

const one = statement(
  'imports.one',
  `select ${RECORD} from imports i where i.app_id = $1 and i.id = $2 and i.expires_at > $3`,
);

const page = statement(
  'imports.page',
  `select ${RECORD} from imports i
   where i.app_id = $1 and i.expires_at > $2 and (i.created_at, i.id) < ($3, $4)
   order by i.created_at desc, i.id desc limit $5`,
);

const unended = statement(
  'imports.unended',
  `select count(*)::int as count from imports
   where app_id = $1 and expires_at > $2 and state not in ('done', 'failed', 'cancelled', 'undone')`,
);

const withFile = statement(
  'imports.with-file',
  `select ${RECORD} from imports i
   where i.app_id = $1 and i.state in ('uploading', 'fetching', 'ready', 'checking', 'running')`,
);

const remove = statement(
  'imports.remove',
  `with gone as (delete from imports where app_id = $1 and id = $2 returning id),
   pieces as (delete from import_pieces p using gone where p.import_id = gone.id),
   rejects as (delete from import_rejects r using gone where r.import_id = gone.id),
   batches as (delete from import_batches b using gone where b.import_id = gone.id)
   select id from gone`,
);

const forget = statement(
  'imports.forget',
  `with gone as (
     delete from imports where id in (select id from imports where expires_at <= $1 limit $2) returning id),
   pieces as (delete from import_pieces p using gone where p.import_id = gone.id),
   rejects as (delete from import_rejects r using gone where r.import_id = gone.id),
   batches as (delete from import_batches b using gone where b.import_id = gone.id)
   select id from gone`,
);

export interface NewImport {
  readonly id: string;
  readonly appId: string;
  readonly name: string;
  readonly state: 'uploading' | 'fetching';
  readonly url: string | null;
  readonly host: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export async function insertImport(database: Queryable, asked: NewImport): Promise<void> {
  const { id, appId, name, state, url, host, createdAt, expiresAt } = asked;
  await database.run(insert, [id, appId, name, state, url, host, createdAt, expiresAt]);
}

export async function findImport(
  database: Queryable,
  appId: string,
  id: string,
  now: number,
): Promise<ImportRecord | null> {
  return (await database.rows<ImportRecord>(one, [appId, id, new Date(now)]))[0] ?? null;
}

/** The newest before a place. */
export function findImports(
  database: Queryable,
  appId: string,
  {
    now,
    before,
    limit,
  }: { readonly now: number; readonly before: readonly [number, string]; readonly limit: number },
): Promise<ImportRecord[]> {
  return database.rows(page, [appId, new Date(now), new Date(before[0]), before[1], limit]);
}

export async function countUnended(database: Queryable, appId: string, now: number): Promise<number> {
  return (await database.rows<{ count: number }>(unended, [appId, new Date(now)]))[0]?.count ?? 0;
}

/** Those whose file is here, or is on its way. */
export function findWithFile(database: Queryable, appId: string): Promise<ImportRecord[]> {
  return database.rows(withFile, [appId]);
}

export async function removeImport(
  database: Queryable,
  { appId, id }: Pick<ImportRecord, 'appId' | 'id'>,
): Promise<void> {
  await database.rows(remove, [appId, id]);
}

/** Lets go of up to `limit` imports that have expired; how many went. */
export async function forgetImports(database: Queryable, now: number, limit: number): Promise<number> {
  return (await database.rows(forget, [new Date(now), limit])).length;
}
