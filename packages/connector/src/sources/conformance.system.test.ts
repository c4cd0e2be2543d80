import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { defineConnector, email, sql, tag } from '../index.ts';
import type { Connector } from '../index.ts';
import { eventually } from '../fixtures/eventually.ts';
import { FakeDestination } from '../fixtures/fake-destination.ts';
import { SOURCE_KINDS } from '../fixtures/source-kinds.ts';
import type { SourceKind, SourceStage } from '../fixtures/source-stage.ts';
import { Watching } from '../fixtures/watching.ts';
import type { Row } from '../config/fields.ts';
import type { ReadingMode } from '../model/source.ts';
import type { EventRow } from '../model/sql-database.ts';
import { openSource } from './open-source.ts';

const TRIED = SOURCE_KINDS.filter((kind) => {
  const missing = kind.missing();
  if (missing !== null) console.error(`The source ${kind.name} is not tried: ${missing}`);
  return missing === null;
});

/** What every source does, however its changes are read. */
describe.each(TRIED)('a source in $name', (kind) => {
  const closers: (() => Promise<unknown>)[] = [];
  beforeAll(() => kind.start(), 300_000);
  afterAll(() => kind.stop());
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });

  async function setUp(changes: ReadingMode) {
    const stage = await kind.open();
    closers.push(() => stage.drop());
    const fake = await FakeDestination.start();
    closers.push(() => fake.stop());
    const home = mkdtempSync(join(tmpdir(), 'carillon-source-'));
    closers.push(() => Promise.resolve(rmSync(home, { recursive: true, force: true })));
    return { stage, fake, connector: connectorOf(kind, stage, changes, home, fake.url) };
  }

  function watch(connector: Connector): Watching {
    const run = new Watching(connector);
    closers.push(() => run.stop().catch(() => undefined));
    return run;
  }

  describe.each(kind.modes)('read by %s', (mode) => {
    it('brings every row over, with values that keep their meaning', async () => {
      const { stage, fake, connector } = await setUp(mode);
      await stage.run(
        `INSERT INTO customers (id, name, active, big, amount, joined, note) VALUES
         (9007199254740993, 'Ünal 🎈 ''x''', true, 9223372036854775807, 12345678901234.5600, '2026-02-03 04:05:06', '{"a": [1, "b"]}'),
         (2, NULL, false, NULL, NULL, NULL, NULL)`,
      );
      const run = watch(connector);
      await eventually('two users', () => fake.users.size === 2);
      expect(await run.told('reading')).toMatchObject({ mode });
      expect(fake.users.get('9007199254740993')?.tags).toEqual({
        name: "Ünal 🎈 'x'",
        active: 'true',
        big: kind.numbers.big,
        amount: kind.numbers.amount,
        joined: String(Date.UTC(2026, 1, 3, 4, 5, 6) / 1000),
        note: 'b',
      });
      expect(fake.users.get('2')?.tags).toEqual({ active: 'false' });
    });

    it('follows new rows and changed ones', async () => {
      const { stage, fake, connector } = await setUp(mode);
      await stage.run("INSERT INTO customers (id, name, active) VALUES (1, 'Ada', true)");
      const run = watch(connector);
      await eventually('a user', () => fake.users.size === 1);
      await run.told('caught-up');
      await stage.run("INSERT INTO customers (id, name, active, updated_at) VALUES (2, 'Bea', true, NOW)");
      await eventually('the new one', () => fake.users.has('2'));
      await stage.run("UPDATE customers SET name = 'Ada L.', updated_at = NOW WHERE id = 1");
      await eventually('the new name', () => fake.users.get('1')?.tags['name'] === 'Ada L.');
      expect(fake.violations).toEqual([]);
    });

    it.runIf(kind.seesDeletes.includes(mode))('lets a user go whose row is deleted', async () => {
      const { stage, fake, connector } = await setUp(mode);
      await stage.run("INSERT INTO customers (id, name, active) VALUES (1, 'Ada', true), (2, 'Bea', true)");
      const run = watch(connector);
      await eventually('two users', () => fake.users.size === 2);
      await run.told('caught-up');
      await stage.run('DELETE FROM customers WHERE id = 2');
      await eventually('one user less', () => !fake.users.has('2'));
      expect(fake.users.has('1')).toBe(true);
    });

    it.runIf(mode === 'cursor')('sees both changes of a row that has the same time after each', async () => {
      const { stage, fake, connector } = await setUp(mode);
      await stage.run("INSERT INTO customers (id, name, active) VALUES (1, 'Ada', true)");
      const run = watch(connector);
      await eventually('a user', () => fake.users.size === 1);
      await run.told('caught-up');
      // Many a column counts whole seconds.
      const second = new Date().toISOString().slice(0, 19).replace('T', ' ');
      const rename = (name: string) =>
        stage.run(`UPDATE customers SET name = '${name}', updated_at = '${second}' WHERE id = 1`);
      const named = () => fake.users.get('1')?.tags['name'];
      await rename('Ada L.');
      await eventually('the first name', () => named() === 'Ada L.');
      await rename('Ada Lovelace');
      expect(await eventually('the second name', () => named() === 'Ada Lovelace')).toBe(true);
    });

    it('fires a trigger once for a row, keyed by two columns, and not for history', async () => {
      const { stage, fake, connector } = await setUp(mode);
      await stage.run("INSERT INTO customers (id, name, active) VALUES (1, 'Ada', true)");
      await stage.run(
        "INSERT INTO lines (order_id, line, customer_id, status) VALUES (7, 1, 1, 'shipped'), (7, 2, 1, 'new')",
      );
      const run = watch(connector);
      await eventually('a user', () => fake.users.size === 1);
      expect(await run.told('begun')).toMatchObject({ reason: 'first', history: 1 });
      await run.told('caught-up');
      await stage.run(
        "UPDATE lines SET status = 'shipped', updated_at = NOW WHERE order_id = 7 AND line = 2",
      );
      await eventually('the event', () => fake.events.size === 1);
      await stage.run('UPDATE lines SET customer_id = 1, updated_at = NOW WHERE order_id = 7');
      await stage.run(
        "INSERT INTO lines (order_id, line, customer_id, status, updated_at) VALUES (8, 1, 1, 'shipped', NOW)",
      );
      await eventually('the second event', () => fake.events.size === 2);
      const told = [...fake.events.values()].map((event) => event['properties']);
      expect(told).toEqual([
        { order_id: 7, line: 2 },
        { order_id: 8, line: 1 },
      ]);
    });

    it('goes on after a stop where it was', async () => {
      const { stage, fake, connector } = await setUp(mode);
      await stage.run("INSERT INTO customers (id, name, active) VALUES (1, 'Ada', true), (2, 'Bea', true)");
      const first = watch(connector);
      await eventually('two users', () => fake.users.size === 2);
      await first.told('caught-up');
      await stage.run(
        "INSERT INTO lines (order_id, line, customer_id, status, updated_at) VALUES (1, 1, 1, 'shipped', NOW)",
      );
      await eventually('the event', () => fake.events.size === 1);
      await first.stop();
      await stage.run(
        "INSERT INTO lines (order_id, line, customer_id, status, updated_at) VALUES (1, 2, 2, 'shipped', NOW)",
      );
      await stage.run("UPDATE customers SET name = 'Bea B.', updated_at = NOW WHERE id = 2");
      const second = watch(connector);
      await eventually('the missed event', () => fake.events.size === 2);
      await eventually('the missed name', () => fake.users.get('2')?.tags['name'] === 'Bea B.');
      expect(await second.told('begun')).toMatchObject({ reason: 'resumed', history: 0 });
    });

    it('scans every key once with a hash that changes with the row alone', async () => {
      const { stage, connector } = await setUp(mode);
      await stage.run(
        "INSERT INTO customers (id, name, active, amount) VALUES (1, 'a', true, 1.5), (2, NULL, false, NULL), (10, '', true, 0)",
      );
      const before = await scanned(connector);
      expect([...before.keys()].toSorted()).toEqual(['1', '10', '2']);
      await stage.run("UPDATE customers SET name = '' WHERE id = 2");
      const emptied = await scanned(connector);
      expect(emptied.get('2') === before.get('2')).toBe(!kind.keepsEmptyText);
      await stage.run("UPDATE customers SET name = 'b' WHERE id = 2");
      const after = await scanned(connector);
      expect(after.get('1')).toBe(before.get('1'));
      expect(after.get('10')).toBe(before.get('10'));
      expect([before.get('2'), emptied.get('2')]).not.toContain(after.get('2'));
    });

    it('says what is wrong with a query that does not run, and with a column that is gone', async () => {
      const { stage, connector } = await setUp(mode);
      await stage.run("INSERT INTO customers (id, name, active) VALUES (1, 'Ada', true)");
      const broken = { ...connector, users: { ...connector.users, model: sql`SELECT * FROM nowhere` } };
      expect(await findings(broken as Connector, 'users.model')).toMatchObject([{ state: 'refused' }]);
      expect(await findings(connector, 'users.model')).toMatchObject([{ state: 'good' }]);
      await stage.run('ALTER TABLE customers DROP COLUMN big');
      expect(await findings(connector, 'users.model')).toMatchObject([
        { state: 'refused', detail: expect.stringContaining('big') },
      ]);
    });

    it.runIf(kind.locks)('is worked on by one process at a time', async () => {
      const { connector } = await setUp(mode);
      const [one, two] = [await openSource(connector), await openSource(connector)];
      try {
        expect(await one.lock()).toBe(true);
        expect(await two.lock()).toBe(false);
      } finally {
        await one.close();
      }
      expect(await eventually('the lock', () => two.lock())).toBe(true);
      await two.close();
    });

    it('tells its tables with the types of their values', async () => {
      const { stage, connector } = await setUp(mode);
      // Files have the types of what is in them.
      await stage.run("INSERT INTO lines (order_id, line, customer_id, status) VALUES (7, 1, 1, 'new')");
      const source = await openSource(connector);
      const lines = (await source.tables()).find(({ name }) => name === 'lines');
      await source.close();
      const { recordKey } = kind;
      expect(lines?.key).toEqual(recordKey === null ? ['order_id', 'line'] : [recordKey]);
      expect(lines?.columns.map(({ name, type }) => [name, type])).toEqual([
        ...(recordKey === null ? [] : [[recordKey, 'string']]),
        ['order_id', kind.types.int],
        ['line', kind.types.int],
        ['customer_id', kind.types.bigint],
        ['status', 'string'],
        ['updated_at', 'Date'],
      ]);
    });

    it.runIf(kind.writable)('takes message events once each, in their order', async () => {
      const { stage, connector } = await setUp(mode);
      const source = await openSource(connector);
      closers.push(() => source.close());
      const { database } = source;
      if (database === null) throw new Error('This source cannot be written to.');
      expect(await database.checkEventTable('message_events')).toMatchObject({ state: 'refused' });
      await stage.run(database.eventTable('message_events'));
      expect(await database.checkEventTable('message_events')).toMatchObject({ state: 'good' });
      const write = (numbers: number[]) =>
        database.transaction((transaction) =>
          transaction.insertEvents('message_events', numbers.map(opened)),
        );
      expect((await write([1, 2])).size).toBe(2);
      expect([...(await write([2, 3, 3]))]).toEqual([opened(3).id]);
      const failed = database.transaction(async (transaction) => {
        await transaction.insertEvents('message_events', [opened(4)]);
        throw new Error('half way');
      });
      await expect(failed).rejects.toThrow('half way');
      expect((await write([4])).size).toBe(1);
    });
  });

  it('lets users go who have left the model, and stops where too many have', async () => {
    const { stage, fake, connector } = await setUp('diff');
    for (let from = 1; from <= 120; from += 1) {
      await stage.run(`INSERT INTO customers (id, name, active) VALUES (${from}, 'c', true)`);
    }
    const run = watch(connector);
    await eventually('everybody', () => fake.users.size === 120);
    await run.told('caught-up');
    await stage.run('DELETE FROM customers WHERE id <= 3');
    await eventually('the removals', () =>
      run.reports.some((report) => report.kind === 'looked' && report.count.gone === 3),
    );
    // Some stay: that nobody at all is left is another limit's matter.
    await stage.run('DELETE FROM customers WHERE id <= 110');
    expect(await run.failed()).toMatchObject({ name: 'SafetyLimit', sample: expect.arrayContaining(['4']) });
  });
});

/** A message was opened. */
function opened(number: number): EventRow {
  return {
    id: `00000000-0000-4000-8000-00000000000${number}`,
    kind: 'opened',
    channel: 'email',
    at: '2026-02-03T04:05:06.789Z',
    external_id: '1',
    subscription_id: null,
    message_id: null,
    template_id: null,
    address: 'ada@example.com',
    reason: null,
    url: null,
    campaign: { name: 'Spring' },
    raw: { id: number },
  };
}

async function scanned(connector: Connector): Promise<Map<string, string>> {
  const source = await openSource(connector);
  const found = new Map<string, string>();
  for await (const keys of source.scan({ of: 'users' }, new AbortController().signal)) {
    for (const { key, hash } of keys) {
      expect(hash).toMatch(/^[0-9a-f]{16}$/);
      expect(found.has(key)).toBe(false);
      found.set(key, hash);
    }
  }
  await source.close();
  return found;
}

async function findings(connector: Connector, what: string) {
  const source = await openSource(connector);
  const found = await source.check();
  await source.close();
  return found.filter((finding) => finding.what === what);
}

function connectorOf(
  { recordKey }: SourceKind,
  stage: SourceStage,
  changes: ReadingMode,
  home: string,
  url: string,
): Connector {
  const key = recordKey ?? 'id';
  return defineConnector({
    name: `suite_${home
      .slice(-6)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, '_')}`,
    home,
    source: stage.config(changes),
    target: { url, appId: 'the-app', apiKey: 'the-key' },
    users: {
      model: sql`SELECT * FROM customers`,
      key,
      dirtyWhen: { customers: key },
      onDelete: 'delete',
      tags: {
        name: tag('name'),
        active: tag('active'),
        big: tag('big'),
        amount: tag('amount'),
        joined: tag('joined'),
        note: tag((customer: Row) => secondOf(customer['note'])),
      },
      subscriptions: [email((customer: Row) => `c${String(customer[key])}@example.com`)],
    },
    events: {
      shipped: {
        on: { table: 'lines', becomes: { status: 'shipped' } },
        user: (line) => String(line['customer_id']),
        data: (line) => ({ order_id: line['order_id'], line: line['line'] }),
      },
    },
  });
}

/** What is at a[1] of a JSON value, which arrives parsed or as text. */
function secondOf(note: unknown): unknown {
  const value = (typeof note === 'string' ? JSON.parse(note) : note) as { a: unknown[] } | null;
  return value?.a[1] ?? null;
}
