import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import type { DeliveryPage } from '@carillon/wire';
import type { Database, Statement } from '../../../platform/database/database.ts';
import { Partitions } from '../../../platform/database/partitions.ts';
import { newId, newTimedId } from '../../../platform/ids.ts';
import { Identity } from '../../identity/index.ts';
import { Deliveries } from './deliveries.ts';

const RECIPIENTS = 100_000;
const app = newId();
const clock = new FakeClock();
const message = newTimedId(clock.now());
let test: TestDatabase;
let identity: Identity;
const asked: { statement: Statement; values: readonly unknown[] }[] = [];

const sql = (text: string, values: readonly unknown[] = []) => test.database.run({ name: '', text }, values);

beforeAll(async () => {
  test = await createTestDatabase();
  identity = new Identity({ database: test.database, clock });
  for (const now of [Date.now(), clock.now()]) await new Partitions(test.database).ahead(now);
  await identity.upsertUser(app, {
    identity: { external_id: 'anna' },
    subscriptions: [{ type: 'Email', token: 'anna@example.com' }],
  });
  await sql(
    `insert into messages (id, app_id, kind, channel, content_id, queued_at, send_after)
     values ($1, $2, 'api', 'email', $2, $3, $3)`,
    [message, app, new Date(clock.now())],
  );
  // One of a thousand has failed; one in three was opened.
  await sql(
    `insert into deliveries (lane, message_id, subscription_id, user_id, page, attempts, state, reason, at)
     select lane_of(id), $1, id, gen_random_uuid(), 1, 1, case when n % 1000 = 0 then 'failed' else 'sent' end,
       case when n % 1000 = 0 then '550 no such mailbox' end, $3
     from (select n, gen_random_uuid() as id from generate_series(1, $2::int) n) x`,
    [message, RECIPIENTS, new Date(clock.now())],
  );
  await sql(
    `insert into delivery_events (lane, message_id, subscription_id, kind, event_id, at)
     select lane, message_id, subscription_id, 'opened', gen_random_uuid(), at from deliveries
     where get_byte(uuid_send(subscription_id), 3) % 3 = 0`,
  );
  await sql(
    `insert into message_chunks (message_id, lane, app_id, channel, state, priority, due_at, sent, failed)
     select message_id, lane, $1, 'email', 'done', 1, $2, count(*) filter (where state = 'sent'),
       count(*) filter (where state = 'failed')
     from deliveries group by message_id, lane`,
    [app, new Date(clock.now())],
  );
  // What else there is: nobody has one message and one user.
  await sql(
    `insert into message_chunks (message_id, lane, app_id, channel, state, priority, due_at)
     select id, lane, $1, 'email', 'done', 1, $2
     from (select gen_random_uuid() as id from generate_series(1, 200)) m cross join generate_series(0, 99) lane`,
    [app, new Date(clock.now())],
  );
  await sql(
    `insert into users (lane, id, app_id, first_active, last_active, updated_at)
     select lane_of(id), id, $1, $2, $2, $2 from (select gen_random_uuid() as id from generate_series(1, 20_000)) x`,
    [app, new Date(clock.now())],
  );
  await sql(
    `insert into subscriptions (lane, id, app_id, user_id, type, channel, token, created_at, updated_at, last_active)
     select lane, id, $1, id, 'Email', 'email', id::text, $2, $2, $2 from users where external_id is null`,
    [app, new Date(clock.now())],
  );
  await sql('analyze');
}, 120_000);
afterAll(() => test.drop());

/** Reads through, and keeps every statement that was run for it. */
function watched(): Deliveries {
  const database = {
    rows: (statement: Statement, values: readonly unknown[]) => {
      asked.push({ statement, values });
      return test.database.rows(statement, values);
    },
  } as Database;
  return new Deliveries({ database, identity });
}

interface Plan {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Relation Name'?: string;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

/** Every scan of a table that the statements since the last call make, under the plan that any values get. */
async function scans(): Promise<{ kind: string; table: string; rows: number }[]> {
  const found: { kind: string; table: string; rows: number }[] = [];
  const visit = (plan: Plan): void => {
    const table = plan['Relation Name'];
    if (table !== undefined && plan['Actual Loops'] > 0) {
      const rows = (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'];
      found.push({ kind: plan['Node Type'], table, rows });
    }
    for (const inner of plan.Plans ?? []) visit(inner);
  };
  for (const { statement, values } of asked.splice(0)) {
    for (const mode of ['force_custom_plan', 'force_generic_plan']) {
      await test.database.transaction(async (transaction) => {
        await transaction.run({ name: '', text: `set local plan_cache_mode = ${mode}` });
        const explain = { name: '', text: `explain (analyze, format json) ${statement.text}` };
        const [row] = await transaction.rows<{ 'QUERY PLAN': readonly { Plan: Plan }[] }>(explain, values);
        for (const { Plan: plan } of row?.['QUERY PLAN'] ?? []) visit(plan);
      });
    }
  }
  return found;
}

const big = (table: string) =>
  /^(deliveries|delivery_events|message_chunks|users|subscriptions|messages)/.test(table);

async function cost(read: (deliveries: Deliveries) => Promise<DeliveryPage>) {
  const page = await read(watched());
  const all = (await scans()).filter(({ table }) => big(table));
  const ledger = all.filter(({ table }) => table.startsWith('deliveries'));
  return {
    page,
    sequential: all.filter(({ kind, rows }) => kind === 'Seq Scan' && rows > 10),
    // Each statement was explained twice.
    ledgerRows: ledger.reduce((sum, { rows }) => sum + rows, 0) / 2,
  };
}

describe('a page of the deliveries of 100,000', () => {
  it('reads about a page of the ledger and no table from end to end, at the beginning as at the end', async () => {
    let cursor: string | undefined;
    let seen = 0;
    const costs: number[] = [];
    const ids = new Set<string>();
    do {
      const { page, sequential, ledgerRows } = await cost((deliveries) =>
        deliveries.ofMessage(app, message, { limit: 300, ...(cursor !== undefined && { cursor }) }),
      );
      expect(sequential).toEqual([]);
      costs.push(ledgerRows);
      for (const { subscription_id: id } of page.deliveries) ids.add(id);
      seen += page.deliveries.length;
      cursor = page.next_cursor;
      // A hundred pages of the beginning and those of the end.
      if (costs.length === 20 && cursor !== undefined) cursor = await lateCursor();
    } while (cursor !== undefined);
    expect(costs.length).toBeGreaterThan(20);
    expect(ids.size).toBe(seen);
    expect(Math.max(...costs)).toBeLessThan(3 * 301);
  });

  it('finds the failed ones among them by looking only into lanes that have some', async () => {
    let cursor: string | undefined;
    let found = 0;
    let pages = 0;
    do {
      const { page, sequential, ledgerRows } = await cost((deliveries) =>
        deliveries.ofMessage(app, message, { state: ['failed'], ...(cursor !== undefined && { cursor }) }),
      );
      expect(sequential).toEqual([]);
      expect(ledgerRows).toBeLessThan(20_000);
      found += page.deliveries.length;
      pages += 1;
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(found).toBe(RECIPIENTS / 1_000);
    expect(pages).toBeLessThan(10);
  });

  it('finds one subscription by its key in every lane', async () => {
    const [row] = await test.database.rows<{ id: string }>({
      name: '',
      text: 'select subscription_id as id from deliveries offset 500 limit 1',
    });
    const { page, sequential, ledgerRows } = await cost((deliveries) =>
      deliveries.ofMessage(app, message, { subscription_id: row?.id ?? '' }),
    );
    expect(page.deliveries).toHaveLength(1);
    expect(page.has_more).toBe(false);
    expect(sequential).toEqual([]);
    expect(ledgerRows).toBeLessThanOrEqual(1);
  });

  it('of a user reads that user’s lane alone', async () => {
    const { page, sequential, ledgerRows } = await cost((deliveries) =>
      deliveries.ofUser(app, { by: 'alias', label: 'external_id', value: 'anna' }, {}),
    );
    expect(page).toEqual({ deliveries: [], has_more: false });
    expect(sequential).toEqual([]);
    expect(ledgerRows).toBeLessThan(RECIPIENTS / 100);
  });
});

/** A place shortly before the end, found by the pages of larger steps. */
async function lateCursor(): Promise<string> {
  const deliveries = new Deliveries({ database: test.database, identity });
  let cursor: string | undefined;
  let left = RECIPIENTS;
  while (left > 3_000) {
    const page = await deliveries.ofMessage(app, message, {
      limit: 300,
      ...(cursor !== undefined && { cursor }),
    });
    left -= page.deliveries.length;
    cursor = page.next_cursor;
  }
  return cursor!;
}
