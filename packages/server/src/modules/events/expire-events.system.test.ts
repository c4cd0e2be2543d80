import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Partitions } from '../../platform/database/partitions.ts';
import { statement } from '../../platform/database/database.ts';
import { newId } from '../../platform/ids.ts';
import { createLog } from '../../platform/log.ts';
import { Identity } from '../identity/index.ts';
import { expireCustomEvents } from './expire-events.ts';
import { CustomEvents, NameTallies } from './index.ts';
import { keepFor } from './names/name-store.ts';

const DAY_MS = 86_400_000;
const APP = newId();
const NEVER = new AbortController().signal;
const stored = statement('test.names', 'select name from custom_events order by name, received_at');
const parts = statement(
  'test.parts',
  `select count(*)::int as n from pg_inherits where inhparent = 'custom_events'::regclass
   and inhrelid::regclass::text < $1`,
);
let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

it('goes when it is older than its name is kept, and so do the days of which nothing is left', async () => {
  const { database } = test;
  const clock = new FakeClock(Date.UTC(2026, 0, 1, 12));
  const partitions = new Partitions(database);
  const identity = new Identity({ database, clock, partitions });
  const tallies = new NameTallies(database, createLog({ level: 'silent' }));
  const events = new CustomEvents({
    database,
    partitions,
    identity,
    hints: { give: () => {} },
    clock,
    tallies,
  });
  await identity.upsertUser(APP, { identity: { external_id: 'anna' } });
  const take = (...names: readonly string[]) =>
    events.take(
      APP,
      names.map((name) => ({ name, external_id: 'anna' })),
    );
  await take('short', 'kept');
  await clock.advance(DAY_MS);
  await take('short');
  await clock.advance(40 * DAY_MS);
  await take('short', 'kept');
  await tallies.add();
  await keepFor(database, APP, 'short', 30);
  const names = async () => (await database.rows<{ name: string }>(stored)).map(({ name }) => name);
  expect(await names()).toEqual(['kept', 'kept', 'short', 'short', 'short']);
  const january = ['custom_events_20260103'];
  expect(await database.rows(parts, january)).toEqual([{ n: 2 }]);

  expect(await expireCustomEvents({ database, clock }, NEVER)).toBe(2);
  expect(await names()).toEqual(['kept', 'kept', 'short']);
  // The first day has an event that is kept.
  expect(await database.rows(parts, january)).toEqual([{ n: 1 }]);
});
