import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import type { Transaction } from '../../platform/database/database.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const insert = `insert into users (lane, id, app_id, first_active, last_active, updated_at)
  select lane_of(id), id, gen_random_uuid(), now(), now(), now()
  from (select gen_random_uuid() as id from generate_series(1, 5)) x`;

/** As the functions look a user up, with the settings of theirs. */
const plan = `explain (format json) select one.* from unnest(array[gen_random_uuid()]) as asked (id)
  left join lateral (
    select u.external_id from users u
    where u.lane = lane_of(asked.id) and u.id = asked.id and u.app_id = asked.id limit 1) one on true`;

async function indexesOf(transaction: Transaction): Promise<readonly string[]> {
  const rows = await transaction.rows<Record<string, unknown>>({ name: '', text: plan });
  return [...JSON.stringify(rows).matchAll(/"Index Name":"(\w+)"/g)].map(([, name = '']) => name);
}

// A plan is kept for the life of a connection: one that a small table suggests has to do for a large one.
test.each(['', 'analyze users'])(
  'a user is looked up by the primary key in a small table too (%s)',
  async (statistics) => {
    await db.database.transaction(async (transaction) => {
      for (const text of ['set local enable_seqscan = off', 'set local enable_bitmapscan = off', insert]) {
        await transaction.run({ name: '', text });
      }
      if (statistics !== '') await transaction.run({ name: '', text: statistics });
      expect(await indexesOf(transaction)).toEqual(['users_pkey']);
    });
  },
);
