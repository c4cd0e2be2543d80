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

  it('puts functions in anew when their text has changed, whatever form they had', async () => {
    await test.database.run({ name: '', text: 'drop function lane_of' });
    await test.database.run({
      name: '',
      text: "create function lane_of(id uuid, wrong int) returns text language sql return 'x'",
    });
    await test.database.run({ name: '', text: "update functions_version set hash = 'of another text'" });
    await migrate(test.url);
    const rows = await test.database.rows<{ lane: number }>(
      statement('test.lane-of', "select lane_of('00000000-0000-4000-8000-000000000107') as lane"),
    );
    expect(rows).toEqual([{ lane: 7 }]);
  });

  it('leaves functions alone that are what they should be', async () => {
    const oid = statement('test.oid', "select oid::int from pg_proc where proname = 'lane_of'");
    const before = await test.database.rows(oid);
    await migrate(test.url);
    expect(await test.database.rows(oid)).toEqual(before);
  });

  it('refuses a database that a later release has migrated', async () => {
    await test.database.run({
      name: '',
      text: "insert into migrations (number, file) values (999999, 'later.sql')",
    });
    await expect(migrate(test.url)).rejects.toThrow('This database is at migration 999999');
  });
});
