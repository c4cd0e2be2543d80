import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import type { Database, Statement } from '../../platform/database/database.ts';
import { messageEvents } from '../../fixtures/message-events.ts';
import { LANES as LANES_IN_ALL, newId } from '../../platform/ids.ts';
import { countAudience } from './audience-count-store.ts';
import { readAudience } from './audience-page-store.ts';
import type { Audience } from './condition.ts';

const SUBSCRIPTIONS = 100_000;
const LANES = 4;
const ALL_LANES = Array.from({ length: LANES_IN_ALL }, (_, lane) => lane);
const LOOKED_AT = 5_000;
const PAGE = 500;
const NOW = Date.UTC(2026, 10, 26);
const appId = newId();
const at = { now: NOW, messageEvents };
let test: TestDatabase;

const sql = (text: string, values: readonly unknown[] = []) => test.database.run({ name: '', text }, values);

beforeAll(async () => {
  test = await createTestDatabase();
  const time = new Date(NOW);
  await sql(
    `insert into users (lane, id, app_id, tags, first_active, last_active, updated_at)
     select n % $3, ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, $1,
       jsonb_build_object('n', n::text, 'third', (n % 3)::text), $4, $4, $4
     from generate_series(1, $2::int) n`,
    [appId, SUBSCRIPTIONS, LANES, time],
  );
  await sql(
    `insert into subscriptions (lane, id, app_id, user_id, type, channel, token, created_at, updated_at, last_active)
     select lane, id, app_id, id, 'Email', 'email', id || '@example.com', $1, $1, $1 from users`,
    [time],
  );
});
afterAll(() => test.drop());

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly Node[];
}

/** What each table was read by, and how many of its rows. */
async function explain(ask: (database: Pick<Database, 'transaction'>) => Promise<unknown>) {
  const plans: Node[] = [];
  await ask({
    transaction: (work) =>
      test.database.transaction(async (transaction) => {
        // As connections of the platform are.
        await transaction.run({ name: '', text: `set local enable_seqscan = 'off'` });
        return work({
          run: (statement, values) => transaction.run(statement, values),
          copy: (statement, pieces) => transaction.copy(statement, pieces),
          rows: async <Row extends object>({ text }: Statement, values?: readonly unknown[]) => {
            const [row] = await transaction.rows<{ 'QUERY PLAN': readonly [{ Plan: Node }] }>(
              { name: '', text: `explain (analyze, format json) ${text}` },
              values,
            );
            if (row !== undefined) plans.push(row['QUERY PLAN'][0].Plan);
            // The next statement asks with what this one finds.
            return transaction.rows<Row>({ name: '', text }, values);
          },
        });
      }),
  });
  const nodes = plans.flatMap(flatten);
  const read = (table: string) => nodes.filter((node) => node['Relation Name'] === table);
  return {
    by: (table: string) => read(table).map((node) => node['Node Type']),
    rows: (table: string) =>
      read(table).reduce((sum, node) => sum + node['Actual Rows'] * node['Actual Loops'], 0),
  };
}

function flatten(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}

const tag = (key: string, value: string): Audience => ({
  include: [[{ kind: 'tag', key, values: [value], not: false }]],
  exclude: [],
  only: [],
});
const page = (lane: number) => ({ lane, appId, channel: 'email' as const, after: null });
const limits = { recipients: PAGE, lookedAt: LOOKED_AT };

// Before and after statistics are there: a plan that a small table suggests has to do for a large one.
describe.each(['', 'analyze'])('of %s 100,000 subscriptions, a page of an audience', (statistics) => {
  beforeAll(async () => {
    if (statistics !== '') await sql('analyze users, subscriptions');
  });

  it('looks at no more than it may, where nobody is in it', async () => {
    const plan = await explain((database) => readAudience(database, tag('n', 'none'), [page(1)], limits, at));
    expect(plan.by('subscriptions')).toEqual(['Index Scan']);
    expect(plan.by('users')).toEqual(['Index Scan']);
    expect(plan.rows('subscriptions')).toBe(LOOKED_AT);
    expect(plan.rows('users')).toBe(LOOKED_AT);
  });

  it('looks no further than it is full, in each of its lanes', async () => {
    const pages = [page(0), page(2)];
    const plan = await explain((database) => readAudience(database, tag('third', '1'), pages, limits, at));
    expect(plan.rows('users')).toBeLessThan(2 * PAGE * 4);
    const found = await readAudience(test.database, tag('third', '1'), pages, limits, at);
    expect(found.map(({ recipients }) => recipients.length)).toEqual([PAGE, PAGE]);
  });

  // Without statistics a new table is taken for a small one, and followed by its indexes.
  it.runIf(statistics !== '')('is counted by reading each table once', async () => {
    const counted = { appId, channels: ['email'] as const, lanes: ALL_LANES };
    const plan = await explain((database) => countAudience(database, tag('third', '1'), counted, at));
    for (const table of ['subscriptions', 'users']) {
      for (const scan of plan.by(table)) expect(scan).toMatch(/^(Seq|Bitmap Heap) Scan$/);
      expect(plan.rows(table)).toBeLessThanOrEqual(SUBSCRIPTIONS * 1.01);
    }
  });
});
