import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CommandLine } from '../fixtures/command-line.ts';
import { eventually } from '../fixtures/eventually.ts';
import { Opened } from '../fixtures/opened.ts';
import type { Shop } from '../fixtures/shop.ts';
import type { Status } from './status/read-status.ts';

const opened = new Opened();
afterEach(() => opened.close());
const commandLine = new CommandLine(opened);

async function setUp(customers: number) {
  const shop = await opened.shop(customers);
  const fake = await opened.fake();
  const run = (...args: string[]) => commandLine.run(shop, fake.url, ...args);
  const status = async () => JSON.parse((await run('--json', 'status')).output) as Status;
  return { shop, fake, run, status };
}

/** Every file of the home, as one text. */
function everything(shop: Shop): string {
  return readdirSync(shop.home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'connector.config.ts')
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

describe('status', () => {
  it(
    'tells of a home where nothing ran yet, of a run, and of one that was killed',
    { timeout: 60_000 },
    async () => {
      const { shop, fake, run, status } = await setUp(3);
      expect((await run('status')).output).toContain('there was none yet');
      const watch = opened.watch(shop, fake.url);
      await eventually('3 users', () => fake.users.size === 3);
      await watch.told('caught-up');
      expect(await status()).toMatchObject({
        run: 'under way',
        told: { command: 'watch' },
        outbox: { items: 0 },
      });
      await watch.stop();
      expect(await status()).toMatchObject({ run: 'ended', told: { sent: { users: 3 } } });
      const killed = await commandLine.start(shop, fake.url, ['watch']);
      await eventually('the run', async () => (await status()).run === 'under way');
      killed.child.kill('SIGKILL');
      await killed.ended;
      expect(await status()).toMatchObject({ run: 'killed', pass: 'done' });
    },
  );

  it('counts what waits while the target is down, and what the slot holds', { timeout: 60_000 }, async () => {
    const { shop, fake, status, run } = await setUp(2);
    const watch = opened.watch(shop, fake.url);
    await eventually('2 users', () => fake.users.size === 2);
    await watch.told('caught-up');
    fake.mischief = () => 'unavailable';
    await shop.addOrder(1, 'shipped');
    const waiting = await eventually('items that wait', async () => {
      const found = await status();
      return found.outbox.items > 0 ? found : null;
    });
    expect(waiting.lagMs).toBeGreaterThan(0);
    expect(waiting.slot).toMatchObject({ bytes: expect.any(Number) });
    const text = (await run('status')).output;
    expect(text).toMatch(/outbox +2 items, \d+ B, the oldest for/);
    expect(text).toMatch(/trouble +target/);
  });
});

describe('explain', () => {
  it(
    'says on one screen why a user did not come over, and that it has when it has',
    { timeout: 60_000 },
    async () => {
      const { shop, run } = await setUp(1);
      await shop.pool.query("INSERT INTO customers (name, email) VALUES ('No address', 'n/a')");
      expect(await run('sync')).toMatchObject({ code: 3 });
      const bad = await run('explain', '2');
      expect(bad.output).toContain('2: in step in part.');
      expect(bad.output).toContain('complaint email is an email address');
      expect(bad.output.split('\n').length).toBeLessThan(40);
      await shop.pool.query("UPDATE customers SET email = 'now@example.com' WHERE id = 2");
      expect((await run('explain', '2')).output).toContain('2: differs.');
      expect(await run('sync')).toMatchObject({ code: 0 });
      const good = await run('--json', 'explain', '2');
      expect(JSON.parse(good.output)).toMatchObject({
        verdict: 'in step',
        rejects: [],
        acknowledged: { exact: true },
      });
      expect((await run('explain', 'nobody')).output).toContain('nobody: no row.');
    },
  );
});

describe('replay', () => {
  it(
    'has a running watch send a refused message once more, under the same key',
    { timeout: 60_000 },
    async () => {
      const { shop, fake, run, status } = await setUp(1);
      const watch = opened.watch(shop, fake.url);
      await eventually('the user', () => fake.users.size === 1);
      await watch.told('caught-up');
      fake.templates.clear();
      await shop.addOrder(1, 'shipped');
      await eventually('the reject', async () => (await status()).rejects.messages === 1);
      fake.templates.set('order-shipped', '00000000-0000-4000-8000-000000000001');
      const said = await run('replay', '--failed');
      expect(said).toMatchObject({
        code: 0,
        output: expect.stringContaining('1 queued once more: the watch under way'),
      });
      await eventually('the message', () => fake.messages.size === 1);
      await eventually('no reject', async () => (await status()).rejects.messages === 0);
      expect(fake.violations).toEqual([]);
      expect((await run('replay', '--failed')).output).toContain('nothing of that kind');
      expect(await run('replay')).toMatchObject({ code: 2, errors: expect.stringContaining('--failed') });
      expect(await run('replay', '--since', 'yesterday')).toMatchObject({ code: 2 });
    },
  );

  it('sends a user again although it was acknowledged', { timeout: 60_000 }, async () => {
    const { fake, run } = await setUp(2);
    await run('sync');
    fake.users.delete('2');
    expect((await run('replay', '--id', '2')).output).toContain('the next sync or watch');
    await run('sync');
    expect([...fake.users.keys()].toSorted()).toEqual(['1', '2']);
  });

  it('sends all users again who were acknowledged since a time', { timeout: 60_000 }, async () => {
    const { fake, run } = await setUp(3);
    const before = new Date().toISOString();
    await run('sync');
    // The target is a backup of before.
    fake.users.clear();
    const after = new Date().toISOString();
    expect((await run('replay', '--since', after)).output).toContain('nothing of that kind');
    expect((await run('replay', '--since', before)).output).toContain('3 queued once more');
    await run('sync');
    expect(fake.users.size).toBe(3);
  });
});

describe('forget', () => {
  it('erases a user everywhere, and no later pass brings it back', { timeout: 60_000 }, async () => {
    const { shop, fake, run } = await setUp(2);
    await shop.pool.query("INSERT INTO customers (name, email) VALUES ('Secret', 'n/a')");
    await run('sync');
    const watch = opened.watch(shop, fake.url);
    await watch.told('caught-up');
    fake.templates.clear();
    await shop.addOrder(3, 'shipped');
    await eventually('the reject', () => everything(shop).includes('order_shipped'));
    expect((await run('forget', '3')).output).toContain('forgotten');
    await watch.stop();
    expect(fake.users.has('3')).toBe(false);
    expect(everything(shop)).not.toContain('"externalId":"3"');
    await shop.pool.query("UPDATE customers SET email = 'back@example.com' WHERE id = 3");
    expect(await run('sync')).toMatchObject({ code: 0 });
    expect([...fake.users.keys()].toSorted()).toEqual(['1', '2']);
    expect((await run('explain', '3')).output).toContain('3: forgotten.');
  });

  it('works while no run is under way', { timeout: 60_000 }, async () => {
    const { fake, run } = await setUp(2);
    await run('sync');
    expect(await run('forget', '1')).toMatchObject({ code: 0 });
    await run('sync');
    expect([...fake.users.keys()]).toEqual(['2']);
  });
});

describe('uninstall', () => {
  it('says what it would remove, and removes it with --yes only', { timeout: 60_000 }, async () => {
    const { shop, fake, run } = await setUp(1);
    const watch = opened.watch(shop, fake.url);
    await watch.told('caught-up');
    expect(await run('uninstall')).toMatchObject({ code: 2, errors: expect.stringContaining('running') });
    await watch.stop();
    const slots = async () =>
      (await shop.pool.query('SELECT FROM pg_replication_slots WHERE database = current_database()'))
        .rowCount;
    const said = await run('uninstall', '--tables');
    expect(said.output).toContain('would remove  slot carillon_');
    expect(said.output).toContain('would remove  table public.message_events');
    expect(await slots()).toBe(1);
    expect(await run('uninstall', '--yes', '--tables')).toMatchObject({ code: 0 });
    expect(await slots()).toBe(0);
    expect((await run('uninstall')).output).not.toContain('slot');
  });
});

describe('backfill', () => {
  it(
    'fires for history that is named, once, and only counts without --yes',
    { timeout: 60_000 },
    async () => {
      const { shop, fake, run } = await setUp(2);
      await shop.addOrder(1, 'paid');
      await shop.addOrder(2, 'paid');
      const watch = opened.watch(shop, fake.url);
      await eventually('2 users', () => fake.users.size === 2);
      await watch.told('caught-up');
      expect((await run('backfill', '--events', 'purchase')).output).toContain(
        'event purchase: 2 would be queued',
      );
      expect(fake.events.size).toBe(0);
      expect((await run('backfill', '--events', 'purchase', '--yes')).output).toContain(
        '2 queued: the watch under way',
      );
      await eventually('the events', () => fake.events.size === 2);
      await eventually('nothing left', async () =>
        (await run('backfill', '--events', 'purchase')).output.includes('event purchase: 0 '),
      );
      expect(await run('backfill')).toMatchObject({ code: 2 });
      expect(await run('backfill', '--events', 'nothing')).toMatchObject({
        code: 2,
        errors: expect.stringContaining('purchase'),
      });
    },
  );
});
