import type { Clock } from '../../../platform/clock.ts';
import type { Database, Queryable } from '../../../platform/database/database.ts';
import { SYSTEM } from '../audit/author.ts';
import { recordChange } from '../audit/record-change.ts';
import { LONGEST_MEMORY_MS } from '../authenticator.ts';
import type { AppEraser } from './app-eraser.ts';
import { advanceErasure, finishErasure, holdDueApp, nextErasureAt } from './deleted-app-store.ts';
import type { DeletedAppRow, ErasureDelays } from './deleted-app-store.ts';

const DELAYS: ErasureDelays = {
  // By then no process lets anybody in any more, hints or not.
  eraseMs: LONGEST_MEMORY_MS + 5_000,
  // Longer than any request takes.
  sweepMs: 3_600_000,
};
/** What another worker holds is its own for the moment. */
const LOOK_AGAIN_MS = 60_000;

/** When an app that is deleted at `now` is due to be erased. */
export function erasureDueAt(now: number): number {
  return now + DELAYS.eraseMs;
}

export interface EraseOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly erasers: readonly AppEraser[];
}

/**
 * Erases what belonged to deleted apps, piece by piece, each committed together with how far it has
 * come; an hour later it looks everything through once more, for requests that were under way. Ends when
 * nothing is due, or between two pieces when `stopping` aborts. Several workers may do this at once.
 * Returns when there will be more to do, in milliseconds; null when no app is left.
 */
export async function eraseDeletedApps(
  { database, clock, erasers }: EraseOptions,
  stopping: AbortSignal,
): Promise<number | null> {
  for (;;) {
    const now = clock.now();
    if (stopping.aborted) return now;
    const worked = await database.transaction(async (transaction) => {
      const app = await holdDueApp(transaction, DELAYS, now);
      if (app !== null) await erasePiece(transaction, app, erasers, now);
      return app !== null;
    });
    if (worked) continue;
    const dueAt = await nextErasureAt(database, DELAYS);
    return dueAt === null ? null : Math.max(dueAt, now + LOOK_AGAIN_MS);
  }
}

async function erasePiece(
  transaction: Queryable,
  app: DeletedAppRow,
  erasers: readonly AppEraser[],
  now: number,
): Promise<void> {
  const place = erasers.findIndex(({ name }) => name === app.part);
  // Not begun, or a part that another release knew: from the beginning, which does no harm.
  const eraser = erasers[Math.max(0, place)];
  if (eraser === undefined) throw new Error('There is nobody to erase what belonged to deleted apps.');
  const piece = await eraser.erase(transaction, app.app_id, place === -1 ? null : app.piece_cursor);
  const next = piece.next === null ? erasers[erasers.indexOf(eraser) + 1] : eraser;
  const { rows, next: cursor } = piece;
  await advanceErasure(transaction, app.app_id, { part: next?.name ?? null, cursor, rows });
  if (next === undefined) await finish(transaction, app, rows, now);
}

async function finish(
  transaction: Queryable,
  app: DeletedAppRow,
  lastRows: number,
  now: number,
): Promise<void> {
  await finishErasure(transaction, app.app_id, now);
  if (app.erased_at !== null) return;
  await recordChange(transaction, now, SYSTEM, {
    action: 'app.erased',
    organizationId: app.organization_id,
    appId: app.app_id,
    target: { type: 'app', id: app.app_id, name: app.name },
    metadata: { rows_erased: app.rows_erased + lastRows },
  });
}
