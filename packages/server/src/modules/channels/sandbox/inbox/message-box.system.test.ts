import { createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { afterAll, beforeAll } from 'vitest';
import { describeMessageBox } from './describe-message-box.ts';
import { MemoryBox } from './memory-box.ts';
import { MessageBoxStore } from './message-box-store.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

describeMessageBox('a box in the database', async () => {
  const box = new MessageBoxStore(test.database);
  await box.clear();
  return box;
});
describeMessageBox('a box in memory', async () => new MemoryBox());
