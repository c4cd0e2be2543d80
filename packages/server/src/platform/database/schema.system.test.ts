import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { readSchema } from './schema-store.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

it('the migrations make the schema that schema.json shows (renew it with `npm run schema`)', async () => {
  const expected: unknown = JSON.parse(
    readFileSync(new URL('../../../schema.json', import.meta.url), 'utf8'),
  );
  expect(await readSchema(test.database)).toEqual(expected);
});
