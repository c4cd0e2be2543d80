import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { statement } from './database.ts';

const make = statement('in-parts-test.make', 'create table numbers (n int)');
const fill = statement('in-parts-test.fill', 'insert into numbers select generate_series(1, 25)');
const read = statement('', 'select n from numbers where n > $1 order by n');
const transactions = statement(
  'in-parts-test.transactions',
  `select count(*)::int as n from pg_stat_activity
   where datname = current_database() and state = 'idle in transaction'`,
);

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await test.database.run(make);
  await test.database.run(fill);
});
afterAll(() => test.drop());

it('hands over what there was at one moment, so many rows at a time', async () => {
  const parts: number[][] = [];
  for await (const rows of test.database.inParts<{ n: number }>(read, [5], 8)) {
    parts.push(rows.map(({ n }) => n));
    await test.database.run(fill);
  }
  expect(parts.map((part) => part.length)).toEqual([8, 8, 4]);
  expect(parts.flat()).toEqual(Array.from({ length: 20 }, (_, n) => n + 6));
});

it('gives its connection back when the reader stops, and when the statement fails', async () => {
  const stopped = test.database.inParts(read, [0], 2);
  await stopped.next();
  await stopped.return();
  const broken = test.database.inParts(statement('', 'select nothing'), [], 2);
  await expect(broken.next()).rejects.toThrow(/nothing/);
  expect(await test.database.rows(transactions)).toEqual([{ n: 0 }]);
});
