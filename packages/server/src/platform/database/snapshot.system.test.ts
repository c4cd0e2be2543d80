import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { statement } from './database.ts';
import type { Queryable } from './database.ts';

const make = statement('snapshot-test.make', 'create table things (id int)');
const add = statement('snapshot-test.add', 'insert into things values (1)');
const count = statement('snapshot-test.count', 'select count(*)::int as count from things');

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await test.database.run(make);
});
afterAll(() => test.drop());

async function counted(database: Queryable): Promise<number | undefined> {
  return (await database.rows<{ count: number }>(count))[0]?.count;
}

it('sees nothing of what others commit meanwhile', async () => {
  const seen = await test.database.snapshot(async (snapshot) => {
    const before = await counted(snapshot);
    await test.database.run(add);
    return [before, await counted(snapshot)];
  });
  expect(seen).toEqual([0, 0]);
  expect(await counted(test.database)).toBe(1);
});

it('writes nothing', async () => {
  await expect(test.database.snapshot((snapshot) => snapshot.run(add))).rejects.toThrow(/read-only/);
});
