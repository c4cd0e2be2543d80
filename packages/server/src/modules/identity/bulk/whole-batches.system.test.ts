import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { statement } from '../../../platform/database/database.ts';
import { newId } from '../../../platform/ids.ts';
import { Identity } from '../identity.ts';
import { parseCreateUser } from '../user-write.ts';
import type { UserWrite, WriteContext } from '../user-write.ts';
import type { BatchWriter } from './batch-writer.ts';
import type { WholeBatches } from './whole-batches.ts';

let testDatabase: TestDatabase;
let batches: WholeBatches;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const clock = new FakeClock('2026-11-01T12:00:00Z');
  batches = new Identity({ database: testDatabase.database, clock }).batches;
});
afterAll(() => testDatabase.drop());

const transactionId = statement('', 'select pg_current_xact_id()::text as id');
const writers = statement(
  '',
  `select value, xmin::text as writer from aliases where app_id = $1 order by value`,
);

function writesOf(app: string, names: readonly string[], context: WriteContext): UserWrite[] {
  return names.map((name) => parseCreateUser(app, { identity: { external_id: name } }, context));
}

/** Writes batches as an import does: the next one begins while one is under way. Returns their transactions. */
async function writeAll(app: string, writer: BatchWriter, named: readonly (readonly string[])[]) {
  const transactions: string[] = [];
  let earlier: Promise<unknown> = Promise.resolve();
  for (const names of named) {
    const context = await batches.begin(app, { way: 'import', keyId: null });
    const before = earlier;
    earlier = writer.write(writesOf(app, names, context), context, async (transaction) => {
      transactions.push((await transaction.rows<{ id: string }>(transactionId))[0]?.id ?? '');
    });
    await before;
  }
  await earlier;
  return transactions;
}

/** Whoever is not copied is written in a part of its transaction, which has an id of its own. */
async function copiedOf(app: string, transactions: readonly string[]): Promise<string[]> {
  const rows = await testDatabase.database.rows<{ value: string; writer: string }>(writers, [app]);
  return rows.filter(({ writer }) => transactions.includes(writer)).map(({ value }) => value);
}

test('of whole batches of new users, all but the first are copied without looking for anybody', async () => {
  const app = newId();
  const named = ['a', 'b', 'c', 'd'].map((batch) => [1, 2, 3].map((n) => `${batch}${n}`));
  const transactions = await writeAll(app, batches.writer(), named);
  expect(await copiedOf(app, transactions)).toEqual(named.slice(1).flat());
});

test('a whole batch that meets somebody known is written all the same, and the next ones look again', async () => {
  const app = newId();
  const named = [['a'], ['b'], ['a', 'c'], ['d', 'b'], ['e']];
  await writeAll(app, batches.writer(), named);
  const rows = await testDatabase.database.rows<{ value: string }>(writers, [app]);
  expect(rows.map(({ value }) => value)).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('a first load that goes on copies its first batch too, and meets whom it did not expect', async () => {
  const app = newId();
  const first = await writeAll(app, batches.writer(), [['a'], ['b']]);
  const next = await writeAll(app, batches.writer({ expectsNew: true }), [['c'], ['d']]);
  expect(await copiedOf(app, [...first, ...next])).toEqual(['b', 'c', 'd']);
  await writeAll(app, batches.writer({ expectsNew: true }), [['d', 'e'], ['f']]);
  const rows = await testDatabase.database.rows<{ value: string }>(writers, [app]);
  expect(rows.map(({ value }) => value)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});
