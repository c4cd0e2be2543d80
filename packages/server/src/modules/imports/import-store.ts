import type { ImportCounts, ImportSettings, ImportUndo } from '@carillon/wire';
import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { Hold, ImportRecord, StoredState } from './import-record.ts';

const RECORD = `i.id, i.app_id as "appId", i.name, i.state, i.url, i.host, i.settings, i.bytes, i.run, i.batch, i.position, i.line,
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

const uploaded = statement(
  'imports.uploaded',
  `update imports set state = 'ready', bytes = $4, url = null, expires_at = $5
   where app_id = $1 and id = $2 and state = $3`,
);

const start = statement(
  'imports.start',
  `update imports set state = $4, settings = $5, key_id = $6, run = run + 1, batch = 0, position = 0, line = 0,
     row_count = 0, created = 0, updated = 0, unchanged = 0, rejected = 0, fault = null, attempts = 0, turn_at = null,
     lease_until = '-infinity', queued_at = $3, started_at = $3, ended_at = null
   where app_id = $1 and id = $2 and state = 'ready'`,
);

const cancel = statement(
  'imports.cancel',
  `update imports set state = case when state = 'checking' then 'ready' else 'cancelled' end, url = null, ended_at = $3
   where app_id = $1 and id = $2 and state in ('uploading', 'fetching', 'ready', 'checking', 'running')`,
);

const beginUndo = statement(
  'imports.begin-undo',
  `update imports set state = 'undoing', queued_at = $3, turn_at = null, lease_until = '-infinity', attempts = 0, key_id = $4, undo = $5
   where app_id = $1 and id = $2 and state in ('done', 'failed', 'cancelled') and run > 0`,
);

const remove = statement(
  'imports.remove',
  `with gone as (delete from imports where app_id = $1 and id = $2 returning id),
   pieces as (delete from import_pieces p using gone where p.import_id = gone.id),
   rejects as (delete from import_rejects r using gone where r.import_id = gone.id),
   batches as (delete from import_batches b using gone where b.import_id = gone.id)
   select id from gone`,
);

// The one of its app that has waited longest; of the apps, the one whose turn was longest ago.
const claim = statement(
  'imports.claim',
  `update imports i set epoch = i.epoch + 1, attempts = i.attempts + 1, turn_at = clock_timestamp(),
     lease_until = clock_timestamp() + $1 * interval '1 millisecond'
   from (
     select id from imports c
     where c.state in ('fetching', 'checking', 'running', 'undoing') and c.lease_until < clock_timestamp()
       and not exists (
         select from imports o
         where o.app_id = c.app_id and o.state in ('fetching', 'checking', 'running', 'undoing')
           and (o.queued_at, o.id) < (c.queued_at, c.id))
     order by c.turn_at nulls first, c.queued_at limit 1 for update skip locked) next
   where i.id = next.id
   returning ${RECORD}`,
);

const soonest = statement(
  'imports.soonest',
  `select extract(epoch from min(lease_until) - clock_timestamp()) * 1000 as ms from imports
   where state in ('fetching', 'checking', 'running', 'undoing') and lease_until > clock_timestamp()`,
);

const renew = statement(
  'imports.renew',
  `update imports set lease_until = clock_timestamp() + $4 * interval '1 millisecond'
   where app_id = $1 and id = $2 and epoch = $3`,
);

const othersWait = statement(
  'imports.others-wait',
  `select exists (
     select from imports
     where state in ('fetching', 'checking', 'running', 'undoing') and lease_until < clock_timestamp() and app_id <> $1
   ) as waits`,
);

const release = statement(
  'imports.release',
  `update imports set lease_until = '-infinity' where app_id = $1 and id = $2 and epoch = $3`,
);

const advance = statement(
  'imports.advance',
  `update imports set batch = batch + 1, position = $6, line = $7, row_count = row_count + $8, created = created + $9,
     updated = updated + $10, unchanged = unchanged + $11, rejected = rejected + $12, attempts = 0,
     lease_until = clock_timestamp() + $13 * interval '1 millisecond'
   where app_id = $1 and id = $2 and epoch = $3 and batch = $4 and state = $5`,
);

const endRun = statement(
  'imports.end-run',
  `update imports set state = $5, ended_at = $6, expires_at = $7, fault = $8, lease_until = '-infinity',
     dry_run = case when $4 = 'checking' and $5 = 'ready' then jsonb_build_object('rows', row_count, 'created', created,
       'updated', updated, 'unchanged', unchanged, 'rejected', rejected) else dry_run end
   where app_id = $1 and id = $2 and epoch = $3 and state = $4`,
);

const countUndo = statement(
  'imports.count-undo',
  `update imports set undo = $4, attempts = 0, lease_until = clock_timestamp() + $5 * interval '1 millisecond'
   where app_id = $1 and id = $2 and epoch = $3 and state = 'undoing'`,
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

/** The file is here. False when nobody wants it any more. */
export async function storeUploaded(
  database: Queryable,
  { appId, id }: Pick<ImportRecord, 'appId' | 'id'>,
  from: 'uploading' | 'fetching',
  { bytes, expiresAt }: { readonly bytes: number; readonly expiresAt: number },
): Promise<boolean> {
  return (await database.run(uploaded, [appId, id, from, bytes, new Date(expiresAt)])) === 1;
}

/** False when it is in no state to start from. */
export async function startImport(
  database: Queryable,
  { appId, id }: Pick<ImportRecord, 'appId' | 'id'>,
  asked: {
    readonly state: 'checking' | 'running';
    readonly settings: ImportSettings;
    readonly keyId: string | null;
    readonly now: number;
  },
): Promise<boolean> {
  const { state, settings, keyId, now } = asked;
  const values = [appId, id, new Date(now), state, JSON.stringify(settings), keyId];
  return (await database.run(start, values)) === 1;
}

/** False when there is nothing to cancel. */
export async function cancelImport(
  database: Queryable,
  { appId, id }: Pick<ImportRecord, 'appId' | 'id'>,
  now: number,
): Promise<boolean> {
  return (await database.run(cancel, [appId, id, new Date(now)])) === 1;
}

/** False when there is nothing to undo. */
export async function startUndo(
  database: Queryable,
  { appId, id }: Pick<ImportRecord, 'appId' | 'id'>,
  { now, keyId, undo }: { readonly now: number; readonly keyId: string | null; readonly undo: ImportUndo },
): Promise<boolean> {
  return (await database.run(beginUndo, [appId, id, new Date(now), keyId, JSON.stringify(undo)])) === 1;
}

export async function removeImport(
  database: Queryable,
  { appId, id }: Pick<ImportRecord, 'appId' | 'id'>,
): Promise<void> {
  await database.rows(remove, [appId, id]);
}

/** The import whose turn it is, held for `leaseMs` from now on; null when nobody waits. */
export async function claimImport(database: Queryable, leaseMs: number): Promise<ImportRecord | null> {
  return (await database.rows<ImportRecord>(claim, [leaseMs]))[0] ?? null;
}

/** Milliseconds until a hold of somebody else ends; null when nobody has one. */
export async function soonestLease(database: Queryable): Promise<number | null> {
  const ms = (await database.rows<{ ms: string | null }>(soonest))[0]?.ms ?? null;
  return ms === null ? null : Number(ms);
}

/** False when it is somebody else's by now. */
export async function renewHold(database: Queryable, hold: Hold, leaseMs: number): Promise<boolean> {
  return (await database.run(renew, [hold.appId, hold.id, hold.epoch, leaseMs])) === 1;
}

/** Whether an import of another app is nobody's, and could be worked on. */
export async function isAnotherAppWaiting(database: Queryable, appId: string): Promise<boolean> {
  return (await database.rows<{ waits: boolean }>(othersWait, [appId]))[0]?.waits ?? false;
}

/** To be taken by anyone at once. */
export async function releaseHold(database: Queryable, { appId, id, epoch }: Hold): Promise<void> {
  await database.run(release, [appId, id, epoch]);
}

/** What a batch adds to its import. */
export interface Advance {
  readonly batch: number;
  readonly state: StoredState;
  readonly position: number;
  readonly line: number;
  readonly counts: ImportCounts;
}

/** Moves the cursor, in the transaction of the batch. False when it is not the one whose turn it is. */
export async function advanceImport(
  transaction: Queryable,
  { appId, id, epoch }: Hold,
  { batch, state, position, line, counts }: Advance,
  leaseMs: number,
): Promise<boolean> {
  const { rows, created, updated, unchanged, rejected } = counts;
  const values = [
    appId,
    id,
    epoch,
    batch,
    state,
    position,
    line,
    rows,
    created,
    updated,
    unchanged,
    rejected,
  ];
  return (await transaction.run(advance, [...values, leaseMs])) === 1;
}

/** False when it is not this worker's any more, or in another state. */
export async function endImport(
  transaction: Queryable,
  { appId, id, epoch }: Hold,
  end: {
    readonly from: StoredState;
    readonly to: StoredState;
    readonly now: number;
    readonly expiresAt: number;
    readonly fault: string | null;
  },
): Promise<boolean> {
  const { from, to, now, expiresAt, fault } = end;
  const values = [appId, id, epoch, from, to, new Date(now), new Date(expiresAt), fault];
  return (await transaction.run(endRun, values)) === 1;
}

/** False as `endImport`. */
export async function storeUndo(
  transaction: Queryable,
  { appId, id, epoch }: Hold,
  undo: ImportUndo,
  leaseMs: number,
): Promise<boolean> {
  return (await transaction.run(countUndo, [appId, id, epoch, JSON.stringify(undo), leaseMs])) === 1;
}

/** Lets go of up to `limit` imports that have expired; how many went. */
export async function forgetImports(database: Queryable, now: number, limit: number): Promise<number> {
  return (await database.rows(forget, [new Date(now), limit])).length;
}
