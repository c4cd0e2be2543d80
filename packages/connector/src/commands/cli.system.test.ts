import { afterEach, describe, expect, it } from 'vitest';
import { CommandLine } from '../fixtures/command-line.ts';
import { eventually } from '../fixtures/eventually.ts';
import { Opened } from '../fixtures/opened.ts';
import type { Shop } from '../fixtures/shop.ts';

const opened = new Opened();
afterEach(() => opened.close());

const commandLine = new CommandLine(opened);

function run(shop: Shop, url: string, ...args: string[]) {
  return commandLine.run(shop, url, ...args);
}

describe('carillon-connect', () => {
  it('checks, plans, synchronises, and then has nothing left to do', { timeout: 90_000 }, async () => {
    const shop = await opened.shop(12);
    const fake = await opened.fake();

    const check = await run(shop, fake.url, 'check');
    expect(check).toMatchObject({ code: 0, errors: '' });
    expect(check.output).toContain('read by cdc');

    const plan = await run(shop, fake.url, 'plan', '--exit-code', '--sample', '1');
    expect(plan).toMatchObject({ code: 10 });
    expect(plan.output).toContain('12 rows in model   12 change   +12 new');
    expect(plan.output).toContain('nothing was sent');
    expect(fake.users.size).toBe(0);

    expect(await run(shop, fake.url, 'sync')).toMatchObject({ code: 0, errors: '' });
    expect(fake.users.size).toBe(12);

    const again = await run(shop, fake.url, '--json', 'plan', '--exit-code');
    expect(again.code).toBe(0);
    expect(JSON.parse(again.output)).toMatchObject({ rows: 12, fresh: 0, changed: 0, unchanged: 12 });
    const before = fake.requests.length;
    expect(await run(shop, fake.url, 'sync')).toMatchObject({ code: 0 });
    expect(fake.requests.length).toBe(before);
  });

  it('tells rejected rows by its exit code', async () => {
    const shop = await opened.shop(1);
    const fake = await opened.fake();
    await shop.pool.query("INSERT INTO customers (name, email) VALUES ('No address', 'n/a')");
    const { code, output } = await run(shop, fake.url, 'sync');
    expect(code).toBe(3);
    expect(output).toContain('1 rejected');
    expect(fake.users.size).toBe(2);
  });

  it('tells nothing of a person in what it logs', { timeout: 60_000 }, async () => {
    const shop = await opened.shop(3);
    const fake = await opened.fake();
    await shop.pool.query("INSERT INTO customers (name, email) VALUES ('Ada', 'ada@@example.com')");
    const said = [await run(shop, fake.url, '--json', 'sync'), await run(shop, fake.url, 'sync')];
    await shop.pool.query("UPDATE customers SET name = 'Ada Two' WHERE id = 1");
    fake.refuseKeys = true;
    const refused = await run(shop, fake.url, 'sync');
    expect(refused.code).toBe(6);
    const all = JSON.stringify([said, refused, await run(shop, fake.url, 'status')]);
    expect(all).toContain('1 rejected');
    expect(all).not.toMatch(/example\.com|Ada/);
  });

  it('ends cleanly at Ctrl-C, and goes on from there', async () => {
    const shop = await opened.shop(5);
    const fake = await opened.fake();
    const { child, ended, output } = await commandLine.start(shop, fake.url, ['--json', 'watch']);
    await eventually('5 users', () => fake.users.size === 5);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    const reports = (await output)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string });
    expect(reports.map(({ kind }) => kind)).toContain('begun');
    await shop.addOrder(2, 'shipped');
    const later = await commandLine.start(shop, fake.url, ['watch']);
    await eventually('the message', () => fake.messages.size === 1);
    later.child.kill('SIGTERM');
    expect(await later.ended).toBe(130);
  });

  it('says what is wrong, and with which exit code', async () => {
    const shop = await opened.shop(1);
    const fake = await opened.fake();
    await shop.pool.query('ALTER TABLE customers RENAME COLUMN language TO tongue');
    const check = await run(shop, fake.url, 'check');
    expect(check.code).toBe(2);
    expect(check.output).toContain('gives no column language');
    fake.refuseKeys = true;
    expect(await run(shop, fake.url, 'sync')).toMatchObject({ code: 6 });
    const { code, errors } = await run(shop, fake.url, 'plan', '--config', '/nowhere.ts');
    expect(code).toBe(2);
    expect(errors).toContain('/nowhere.ts');
  });
});
