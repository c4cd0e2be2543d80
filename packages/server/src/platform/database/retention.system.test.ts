import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { statement } from './database.ts';
import { Partitions } from './partitions.ts';
import { dropDaysBefore, retentionJob } from './retention.ts';

const DAY = 86_400_000;
const clock = new FakeClock('2031-03-10T05:00:00Z');
let test: TestDatabase;

const present = statement(
  'test.days',
  `select right(c.relname, 8) as day from pg_inherits i join pg_class c on c.oid = i.inhrelid
   where i.inhparent = $1::text::regclass and c.relname like '%2031%' order by 1`,
);
const daysOf = async (table: string) =>
  (await test.database.rows<{ day: string }>(present, [table])).map(({ day }) => day);

beforeAll(async () => {
  test = await createTestDatabase();
  const partitions = new Partitions(test.database);
  for (const ago of [0, 1, 2, 3, 30]) await partitions.need(clock.now() - ago * DAY);
});
afterAll(() => test.drop());

it('whole days are dropped that are older than what is kept, of the named tables only', async () => {
  const job = retentionJob({ database: test.database, clock, keepDays: { user_changes: 2 } });
  await job.run(new AbortController().signal);
  expect(await daysOf('user_changes')).toEqual(['20310308', '20310309', '20310310']);
  expect(await daysOf('custom_events')).toEqual(['20310208', '20310307', '20310308', '20310309', '20310310']);
  await job.run(new AbortController().signal);
  expect(await daysOf('user_changes')).toHaveLength(3);
});

it('a day that somebody reads is dropped once they are done, and nobody waits behind it for long', async () => {
  const reader = await test.database.session();
  await reader.query('begin');
  await reader.query('select count(*) from feed');
  const dropping = dropDaysBefore(test.database, 'feed', clock.now());
  // Waits behind the drop until that gives up.
  await test.database.rows({ name: '', text: 'select count(*) from feed' });
  await reader.query('commit');
  reader.release();
  expect(await dropping).toBe(4);
  expect(await daysOf('feed')).toEqual(['20310310']);
});
