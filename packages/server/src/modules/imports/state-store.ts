import type { ImportSettings } from '@carillon/wire';
import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { Hold, ImportRecord, StoredState } from './import-record.ts';

const uploaded = statement(
  'imports.uploaded',
  `update imports set state = 'ready', bytes = $4, url = null, expires_at = $5
   where app_id = $1 and id = $2 and state = $3`,
);

const start = statement(
  'imports.start',
  `update imports set state = $4, settings = $5, key_id = $6, epoch = epoch + 1, run = run + 1, batch = 0, position = 0, line = 0,
     row_count = 0, created = 0, updated = 0, unchanged = 0, rejected = 0, fault = null, attempts = 0, turn_at = null,
     lease_until = '-infinity', queued_at = $3, started_at = $3, ended_at = null
   where app_id = $1 and id = $2 and state = 'ready'`,
);

const cancel = statement(
  'imports.cancel',
  `update imports set state = case when state = 'checking' then 'ready' else 'cancelled' end, url = null, ended_at = $3
   where app_id = $1 and id = $2 and state in ('uploading', 'fetching', 'ready', 'checking', 'running', 'undoing')`,
);

// One that was cancelled goes on with its counts.
const beginUndo = statement(
  'imports.begin-undo',
  `update imports i set state = 'undoing', queued_at = $3, turn_at = null, lease_until = '-infinity', attempts = 0,
     epoch = epoch + 1, key_id = $4, fault = null, ended_at = null,
     undo = coalesce(undo, jsonb_build_object('users', (
       select coalesce(sum(cardinality(b.created) + jsonb_array_length(b.before)), 0) from import_batches b
       where b.import_id = i.id and b.app_id = i.app_id), 'users_removed', 0, 'users_restored', 0, 'users_left', 0))
   where app_id = $1 and id = $2 and state in ('done', 'failed', 'cancelled') and run > 0`,
);

const endRun = statement(
  'imports.end-run',
  `update imports set state = $5, ended_at = $6, expires_at = $7, fault = $8, lease_until = '-infinity',
     dry_run = case when $4 = 'checking' and $5 = 'ready' then jsonb_build_object('rows', row_count, 'created', created,
       'updated', updated, 'unchanged', unchanged, 'rejected', rejected) else dry_run end
   where app_id = $1 and id = $2 and epoch = $3 and state = $4`,
);

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
  { now, keyId }: { readonly now: number; readonly keyId: string | null },
): Promise<boolean> {
  return (await database.run(beginUndo, [appId, id, new Date(now), keyId])) === 1;
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
