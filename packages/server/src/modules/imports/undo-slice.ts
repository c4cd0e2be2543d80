import type { ImportUndo } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { Database, Queryable } from '../../platform/database/database.ts';
import { undoChanged, undoCreated } from '../identity/index.ts';
import { lastBatch, takeBatch } from './batch-store.ts';
import type { ImportRecord } from './import-record.ts';
import { storeUndo } from './progress-store.ts';
import { LostImport } from './lost-import.ts';
import type { SliceEnd } from './run-slice.ts';

/** Users whom one transaction deletes, and as many whom it restores: it holds all of their rows. */
const MOST_USERS = 200;

/**
 * Undoes an import, the last batch first, until nothing is left or `isTimeUp` says so: users that it made and nobody
 * has written about since go, others become what they were.
 */
export async function undoSlice(
  {
    database,
    clock,
    leaseMs,
  }: { readonly database: Database; readonly clock: Clock; readonly leaseMs: number },
  held: ImportRecord,
  isTimeUp: () => boolean,
): Promise<SliceEnd> {
  if (held.undo === null) throw new Error('an undo has no counts');
  let { undo } = held;
  try {
    for (;;) {
      const next = await database.transaction((transaction) => step(transaction, undo));
      if (next === null) return 'whole';
      undo = next;
      if (isTimeUp()) return 'more';
    }
  } catch (error) {
    if (error instanceof LostImport) return 'lost';
    throw error;
  }

  /** What was undone by then; null when nothing is left. */
  async function step(transaction: Queryable, so: ImportUndo): Promise<ImportUndo | null> {
    const batch = await lastBatch(transaction, held, MOST_USERS);
    if (batch === null) return null;
    const { created, before, writtenAt } = batch;
    const history = { source: 'import', actor: held.keyId };
    const context = { appId: held.appId, writtenAt, history, now: clock.now() };
    const restored = await undoChanged(transaction, before, context);
    const removed = await undoCreated(transaction, created, context);
    await takeBatch(transaction, held, batch.batch, MOST_USERS);
    const after = {
      users: so.users,
      users_removed: so.users_removed + removed,
      users_restored: so.users_restored + restored,
      users_left: so.users_left + created.length - removed + before.length - restored,
    };
    if (!(await storeUndo(transaction, held, after, leaseMs))) throw new LostImport();
    return after;
  }
}
