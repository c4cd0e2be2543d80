import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { Hold, ImportRecord } from './import-record.ts';
import { RECORD } from './import-store.ts';

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

const interrupt = statement(
  'imports.interrupt',
  `update imports set epoch = epoch + 1, lease_until = '-infinity'
   where app_id = $1 and id = $2 and state in ('checking', 'running')`,
);

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

/** Whoever works on it cannot commit what it has read. To be taken by anyone at once. */
export async function interruptImport(
  transaction: Queryable,
  { appId, id }: Pick<ImportRecord, 'appId' | 'id'>,
): Promise<void> {
  await transaction.run(interrupt, [appId, id]);
}
