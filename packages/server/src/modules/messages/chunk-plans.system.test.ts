import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import type { Queryable, Statement } from '../../platform/database/database.ts';
import { newId } from '../../platform/ids.ts';
import { openPages } from './chunk-store.ts';
import { claimChunks, releaseChunks, renewLeases } from './claim-store.ts';
import { closePages } from './ledger-store.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const place = { messageId: newId(), lane: 3, epoch: 1 };
const chunk = {
  ...place,
  appId: newId(),
  channel: 'email',
  priority: 'small',
  targets: null,
  cursor: null,
  doubtIds: null,
  retrying: 0,
  throttleReserved: 0,
} as const;
const page = {
  ...place,
  cursor: null,
  exhausted: true,
  tried: new Map(),
  deliveries: [],
  retries: [],
  at: 0,
};

/** What `work` asks the database. */
async function asked(
  work: (database: Queryable) => Promise<unknown>,
): Promise<[Statement, readonly unknown[]]> {
  const statements: [Statement, readonly unknown[]][] = [];
  const note = (statement: Statement, values: readonly unknown[] = []) =>
    statements.push([statement, values]);
  await work({
    rows: async (...all) => {
      note(...all);
      return [];
    },
    run: async (...all) => note(...all),
  });
  const [first] = statements;
  if (first === undefined) throw new Error('nothing was asked');
  return first;
}

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Node[];
}

/** What is read of the chunks: an index by a condition, or otherwise something that grows. */
function readsOf(node: Node): string[] {
  const { 'Node Type': type, 'Relation Name': table, 'Index Name': index, 'Index Cond': by } = node;
  const below = (node.Plans ?? []).flatMap(readsOf);
  if (index?.startsWith('message_chunks') === true) return [by ?? `all of ${index}`, ...below];
  return type === 'Seq Scan' && table === 'message_chunks' ? [`all of ${table}`, ...below] : below;
}

// A plan is kept for the life of a connection, and this table grows by thousands of rows a minute.
test.each([
  ['opening pages', (database: Queryable) => openPages(database, [{ ...place, ids: [newId()] }], 1_000)],
  ['closing pages', (database: Queryable) => closePages(database, [page])],
  [
    'claiming',
    (database: Queryable) => claimChunks(database, [place], { owner: newId(), now: 0, leaseMs: 1 }),
  ],
  ['renewing leases', (database: Queryable) => renewLeases(database, [chunk], 1_000)],
  ['releasing', (database: Queryable) => releaseChunks(database, [chunk])],
])('%s reads no more of the chunks than it names, planned while there were few', async (_, work) => {
  const [{ text }, values] = await asked(work);
  const literals = values.map((value) => `'${String(value instanceof Date ? value.toISOString() : value)}'`);
  await db.database.transaction(async (transaction) => {
    const run = (sql: string) => transaction.run({ name: '', text: sql });
    await run(`insert into message_chunks (message_id, lane, app_id, channel, state, priority, due_at)
      select gen_random_uuid(), n, gen_random_uuid(), 'email', 'open', 0, now() from generate_series(1, 100) n`);
    await run('analyze message_chunks');
    await run('set local enable_seqscan = off');
    await run('set local plan_cache_mode = force_generic_plan');
    await run(`prepare early as ${text}`);
    const [row] = await transaction.rows<{ 'QUERY PLAN': readonly { readonly Plan: Node }[] }>({
      name: '',
      text: `explain (format json) execute early (${literals.join(', ')})`,
    });
    await run('deallocate early');
    const reads = (row?.['QUERY PLAN'] ?? []).flatMap(({ Plan }) => readsOf(Plan));
    expect(reads.length).toBeGreaterThan(0);
    for (const read of reads) expect(read).toContain('message_id');
    await run('delete from message_chunks');
  });
});
