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
const everybody = { named: [], wide: true };
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
  const due = await findDueChunks(db.database, { now: NOW, most: MOST, except: [], ...everybody });
  expect(countsOf(due)).toEqual([MOST / 2, 3, 0]);
  expect(due.every(({ asked }) => asked === MOST / 2)).toBe(true);
});

test('whoever is excepted leaves its part to the others, and its other priority alone', async () => {
  const broadcasts = { priority: 'broadcast', appId: crowded, channel: 'email' } as const;
  const without = await findDueChunks(db.database, {
    now: NOW,
    most: MOST,
    except: [broadcasts],
    ...everybody,
  });
  expect(countsOf(without)).toEqual([0, 3, 0]);
  expect(without[0]?.asked).toBe(MOST);
  const small = { priority: 'small', appId: crowded, channel: 'email' } as const;
  const all = await findDueChunks(db.database, { now: NOW, most: MOST, except: [small], ...everybody });
  expect(countsOf(all)[0]).toBeGreaterThan(0);
});

test('apps that wait for tomorrow take no part of what is asked for, however many they are', async () => {
  const at = NOW - 7_200_000;
  for (let n = 0; n < 300; n += 1) await db.database.run(insert, [newId(), 1, new Date(NOW + 86_400_000)]);
  const early = { now: at, most: MOST, except: [], ...everybody };
  expect(await findDueChunks(db.database, early)).toEqual([]);
  const few = newId();
  await db.database.run(insert, [few, 5, new Date(at - 10)]);
  const due = await findDueChunks(db.database, early);
  expect(due.map(({ appId, asked }) => [appId, asked])).toEqual(due.map(() => [few, MOST]));
  expect(due).toHaveLength(5);
  const claiming = { owner: newId(), now: at, leaseMs: 60_000 };
  expect(await claimChunks(db.database, due, claiming)).toHaveLength(5);
});

test('who stands behind a thousand older chunks is found by a wide look, or when it is named', async () => {
  const narrow = { now: NOW, most: MOST, except: [], named: [], wide: false };
  expect(countsOf(await findDueChunks(db.database, narrow))).toEqual([MOST, 0, 0]);
  const named = [{ priority: 'broadcast', appId: other, channel: 'email' } as const];
  expect(countsOf(await findDueChunks(db.database, { ...narrow, named }))).toEqual([MOST / 2, 3, 0]);
  const nobody = [{ priority: 'broadcast', appId: later, channel: 'email' } as const];
  expect(countsOf(await findDueChunks(db.database, { ...narrow, named: nobody }))).toEqual([MOST, 0, 0]);
});

test('what is claimed is due no more, and the next time is told over all apps', async () => {
  const claiming = { owner: newId(), now: NOW, leaseMs: 60_000 };
  const due = await findDueChunks(db.database, { now: NOW, most: 10_000, except: [], ...everybody });
  expect(await claimChunks(db.database, due, claiming)).toHaveLength(1_003);
  expect(await claimChunks(db.database, due, claiming)).toEqual([]);
  expect(await findDueChunks(db.database, { now: NOW, most: MOST, except: [], ...everybody })).toEqual([]);
  expect(await nextChunkDueAt(db.database, NOW)).toBe(NOW + 60_001);
});
