import type { ImportCounts, ImportUndo } from '@carillon/wire';
import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { Hold, StoredState } from './import-record.ts';

const advance = statement(
  'imports.advance',
  `update imports set batch = batch + 1, position = $6, line = $7, row_count = row_count + $8, created = created + $9,
     updated = updated + $10, unchanged = unchanged + $11, rejected = rejected + $12, attempts = 0,
     lease_until = clock_timestamp() + $13 * interval '1 millisecond'
   where app_id = $1 and id = $2 and epoch = $3 and batch = $4 and state = $5`,
);

const countUndo = statement(
  'imports.count-undo',
  `update imports set undo = $4, attempts = 0, lease_until = clock_timestamp() + $5 * interval '1 millisecond'
   where app_id = $1 and id = $2 and epoch = $3 and state = 'undoing'`,
);

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

/** False as `endImport`. */
export async function storeUndo(
  transaction: Queryable,
  { appId, id, epoch }: Hold,
  undo: ImportUndo,
  leaseMs: number,
): Promise<boolean> {
  return (await transaction.run(countUndo, [appId, id, epoch, JSON.stringify(undo), leaseMs])) === 1;
}
