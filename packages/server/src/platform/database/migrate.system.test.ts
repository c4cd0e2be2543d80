import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { migrate, statement } from '@carillon/server';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

describe('migrate', () => {
  it('lets twenty processes start at once: each migration runs once', async () => {
    await test.database.run({ name: '', text: 'drop schema public cascade' });
    await test.database.run({ name: '', text: 'create schema public' });
    const ran = await Promise.all(Array.from({ length: 20 }, () => migrate(test.url)));
    expect(ran.filter((numbers) => numbers.length > 0)).toHaveLength(1);
    const rows = await test.database.rows<{ lanes: number }>(
      statement('test.lanes', 'select count(*)::int as lanes from lanes'),
    );
    expect(rows).toEqual([{ lanes: 256 }]);
  });

  it('refuses a database that a later release has migrated', async () => {
    await test.database.run({
      name: '',
      text: "insert into migrations (number, file) values (999999, 'later.sql')",
    });
    await expect(migrate(test.url)).rejects.toThrow('This database is at migration 999999');
  });
});
