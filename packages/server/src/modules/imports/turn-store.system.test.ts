import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { newId } from '../../platform/ids.ts';
import { insertImport } from './import-store.ts';
import { claimImport, isAnotherAppWaiting, releaseHold } from './turn-store.ts';

let testDatabase: TestDatabase;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(() => testDatabase.drop());

async function fetchingOf(appId: string): Promise<void> {
  const [createdAt, expiresAt] = [new Date('2026-11-01'), new Date('2026-12-01')];
  const url = 'https://files.example/people.csv';
  const asked = {
    id: newId(),
    appId,
    name: 'people',
    state: 'fetching',
    url,
    host: 'files.example',
  } as const;
  await insertImport(testDatabase.database, { ...asked, createdAt, expiresAt });
}

test('an app gives way to imports of others that nobody holds, and never to its own', async () => {
  const { database } = testDatabase;
  const [one, other] = [newId(), newId()];
  await fetchingOf(one);
  await fetchingOf(one);
  expect(await isAnotherAppWaiting(database, one)).toBe(false);
  expect(await isAnotherAppWaiting(database, other)).toBe(true);
  const held = await claimImport(database, 60_000);
  await fetchingOf(other);
  expect(await isAnotherAppWaiting(database, one)).toBe(true);
  const second = await claimImport(database, 60_000);
  expect([held?.appId, second?.appId]).toEqual([one, other]);
  expect(await isAnotherAppWaiting(database, one)).toBe(false);
  if (second !== null) await releaseHold(database, second);
  expect(await isAnotherAppWaiting(database, one)).toBe(true);
});
