import type { Pool } from 'pg';
import { untilSeen } from '../until-seen.ts';
import { readSnapshot, sees } from './snapshot.ts';
import type { Snapshot } from './snapshot.ts';

/** Waits for transactions of the change stream to be seen by queries. Asks only about those that are new. */
export class Visibility {
  readonly #pool: Pool;
  #known: Snapshot | null = null;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Resolves when queries see all of these, or when `signal` ends. */
  async of(transactions: readonly number[], signal: AbortSignal): Promise<void> {
    const isSeen = (snapshot: Snapshot | null) =>
      snapshot !== null && transactions.every((id) => sees(snapshot, id));
    if (transactions.length === 0 || isSeen(this.#known)) return;
    await untilSeen(async () => {
      const { rows } = await this.#pool.query<{ snapshot: string }>(
        'SELECT pg_current_snapshot()::text AS snapshot',
      );
      this.#known = readSnapshot(rows[0]?.snapshot ?? '0:0:');
      return isSeen(this.#known);
    }, signal);
  }
}
