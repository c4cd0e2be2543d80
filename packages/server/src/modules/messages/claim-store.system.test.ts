import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { statement } from '../../platform/database/database.ts';
import { newId } from '../../platform/ids.ts';
import { claimChunks, findDueChunks, nextChunkDueAt } from './claim-store.ts';

const NOW = Date.UTC(2026, 10, 25);
const MOST = 256;
const crowded = newId();
const other = newId();
const later = newId();
let db: TestDatabase;

const insert = statement(
  '',
  `insert into message_chunks (message_id, lane, app_id, channel, state, priority, due_at)
   select gen_random_uuid(), n % 256, $1, 'email', 'ready', 1, $3::timestamptz + n * interval '1 millisecond'
   from generate_series(1, $2::int) n`,
);

beforeAll(async () => {
  db = await createTestDatabase();
  await db.database.run(insert, [crowded, 1_000, new Date(NOW - 3_600_000)]);
  await db.database.run(insert, [other, 3, new Date(NOW - 1_000)]);
  await db.database.run(insert, [later, 5, new Date(NOW + 60_000)]);
});
afterAll(() => db.drop());

const countsOf = (chunks: readonly { appId: string }[]) =>
  [crowded, other, later].map((app) => chunks.filter(({ appId }) => appId === app).length);

test('a thousand chunks that wait longer do not stand before those of another app', async () => {
  const due = await findDueChunks(db.database, { now: NOW, most: MOST, except: [] });
  expect(countsOf(due)).toEqual([Math.ceil(MOST / 3), 3, 0]);
  expect(due.every(({ asked }) => asked === Math.ceil(MOST / 3))).toBe(true);
});

test('whoever is excepted leaves its part to the others, and its other priority alone', async () => {
  const broadcasts = { priority: 'broadcast', appId: crowded, channel: 'email' } as const;
  const without = await findDueChunks(db.database, { now: NOW, most: MOST, except: [broadcasts] });
  expect(countsOf(without)).toEqual([0, 3, 0]);
  expect(without[0]?.asked).toBe(MOST / 2);
  const small = { priority: 'small', appId: crowded, channel: 'email' } as const;
  const all = await findDueChunks(db.database, { now: NOW, most: MOST, except: [small] });
  expect(countsOf(all)[0]).toBeGreaterThan(0);
});

test('what is claimed is due no more, and the next time is told over all apps', async () => {
  const claiming = { owner: newId(), now: NOW, leaseMs: 60_000 };
  const due = await findDueChunks(db.database, { now: NOW, most: 10_000, except: [] });
  expect(await claimChunks(db.database, due, claiming)).toHaveLength(1_003);
  expect(await claimChunks(db.database, due, claiming)).toEqual([]);
  expect(await findDueChunks(db.database, { now: NOW, most: MOST, except: [] })).toEqual([]);
  expect(await nextChunkDueAt(db.database, [])).toBe(NOW + 60_001);
});
