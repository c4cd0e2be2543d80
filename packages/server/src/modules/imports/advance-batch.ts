import type { ImportCounts } from '@carillon/wire';
import type { Queryable } from '../../platform/database/database.ts';
import type { ImportRecord } from './import-record.ts';
import { LostImport } from './lost-import.ts';
import { advanceImport } from './progress-store.ts';
import type { ReadBatch } from './read-batch.ts';

/** What a batch adds, while it is counted. */
export type Counting = Record<keyof ImportCounts, number>;

export function newCounts(): Counting {
  return { rows: 0, created: 0, updated: 0, unchanged: 0, rejected: 0 };
}

/** Moves the place in the file behind a batch, in its transaction. Throws LostImport. */
export async function advanceBatch(
  transaction: Queryable,
  held: ImportRecord,
  { n, position, line }: ReadBatch,
  { counts, leaseMs }: { readonly counts: ImportCounts; readonly leaseMs: number },
): Promise<void> {
  const step = { batch: n, state: held.state, position, line, counts };
  if (!(await advanceImport(transaction, held, step, leaseMs))) throw new LostImport();
}
