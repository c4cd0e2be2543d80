import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { statement } from './database.ts';
import { Partitions } from './partitions.ts';

const count = statement(
  'test.partitions',
  `select count(*)::int as count from pg_class where relname in ('feed_20310101', 'feed_20310102', 'deliveries_20310102')`,
);

const today = statement(
  'test.partition-of-today',
  `select count(*)::int as count from pg_class where relname = 'feed_' || to_char(now() at time zone 'utc', 'YYYYMMDD')`,
);

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

it('whoever writes finds the partitions of today and tomorrow, also when the daily job never ran', async () => {
  const processes = Array.from({ length: 4 }, () => new Partitions(test.database));
  const beforeMidnight = Date.UTC(2031, 0, 1, 23, 59, 59, 999);
  await Promise.all(processes.map((partitions) => partitions.ready(beforeMidnight)));
  expect(await test.database.rows(count)).toEqual([{ count: 3 }]);
});

it('a database whose clock is another one has the partitions of its own days as well', async () => {
  await new Partitions(test.database).ahead(Date.UTC(2031, 5, 1));
  expect(await test.database.rows(today)).toEqual([{ count: 1 }]);
});
