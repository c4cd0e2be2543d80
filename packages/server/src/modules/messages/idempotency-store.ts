import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

/** How long a key is remembered, as documented. */
export const IDEMPOTENCY_DAYS = 30;

const forget = statement(
  'idempotency.forget',
  `delete from idempotency_keys
   where (app_id, key) in (select app_id, key from idempotency_keys where created_at < $1 limit $2)`,
);

const KEYS_A_STATEMENT = 5_000;

/** Forgets the keys older than 30 days, in statements of a bounded size. */
export async function forgetOldKeys(database: Queryable, now: number): Promise<void> {
  const before = new Date(now - IDEMPOTENCY_DAYS * 86_400_000);
  while ((await database.run(forget, [before, KEYS_A_STATEMENT])) === KEYS_A_STATEMENT) {
    // Another round until a batch was not full.
  }
}
