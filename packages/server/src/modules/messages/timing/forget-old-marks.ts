import type { Database } from '../../../platform/database/database.ts';
import { forgetMarks } from './frequency-store.ts';

/** The longest window of a frequency cap. */
const KEPT_MS = 30 * 24 * 3_600_000;
const A_STATEMENT = 5_000;

/** Forgets users who have not been written to for longer than any cap looks back. */
export async function forgetOldMarks(database: Database, now: number): Promise<void> {
  while ((await forgetMarks(database, now - KEPT_MS, A_STATEMENT)) === A_STATEMENT) {
    // Another round until a batch was not full.
  }
}
