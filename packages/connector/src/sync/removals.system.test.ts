import { afterEach, describe, expect, it } from 'vitest';
import type { OnDelete, UsersModel } from '../config/config.ts';
import { sql } from '../config/fields.ts';
import type { Row } from '../config/fields.ts';
import { eventually } from '../fixtures/eventually.ts';
import { Opened } from '../fixtures/opened.ts';
import type { Shop } from '../fixtures/shop.ts';
import type { Connector } from '../index.ts';
import { SafetyLimit } from '../model/safety-limit.ts';

const opened = new Opened();
afterEach(() => opened.close());

function connectorOf(
  shop: Shop,
  url: string,
  onDelete: OnDelete,
  changes: Partial<UsersModel<Row>> = {},
): Connector {
  const connector = shop.connector(url);
  return { ...connector, users: { ...connector.users!, onDelete, ...changes } };
}

const byLanguage = (row: Row) => `${String(row['id'])}-${String(row['language'])}`;

describe('users whose rows are gone', () => {
  it.each([
    ['ignore', { users: 3, on: true }],
    ['unsubscribe', { users: 3, on: false }],
    ['delete', { users: 2, on: undefined }],
  ] as const)('are treated by the policy %s, and others are left alone', async (onDelete, expected) => {
    const shop = await opened.shop(3);
    const fake = await opened.fake();
    const run = opened.watching(connectorOf(shop, fake.url, onDelete));
    await eventually('3 users', () => fake.users.size === 3);
    await run.told('caught-up');
    await shop.pool.query('DELETE FROM customers WHERE id = 2');
    await shop.pool.query("UPDATE customers SET name = 'Later', updated_at = now() WHERE id = 3");
    await eventually('what came later', () => fake.users.get('3')?.tags['name'] === 'Later');
    if (onDelete !== 'ignore') {
      await eventually('the removal', () =>
        run.reports.some((report) => report.kind === 'delivered' && report.batch.removed === 1),
      );
    }
    expect({ users: fake.users.size, on: fake.users.get('2')?.subscriptions[0]?.enabled }).toEqual(expected);
    expect(fake.users.get('1')?.subscriptions[0]?.enabled).toBe(true);
    expect(fake.violations).toEqual([]);
  });

  it('are new when they come again', async () => {
    const shop = await opened.shop(2);
    const fake = await opened.fake();
    const run = opened.watching(connectorOf(shop, fake.url, 'delete'));
    await eventually('2 users', () => fake.users.size === 2);
    await run.told('caught-up');
    await shop.pool.query('DELETE FROM customers WHERE id = 2');
    await eventually('one user', () => fake.users.size === 1);
    await shop.pool.query("INSERT INTO customers (id, name, email) VALUES (2, 'Again', 'again@example.com')");
    await eventually('two users', () => fake.users.get('2')?.tags['name'] === 'Again');
    expect(fake.users.get('2')?.subscriptions).toMatchObject([{ token: 'again@example.com', enabled: true }]);
  });

  it('are nobody while the model gives no row at all: the run stops and says so', async () => {
    const shop = await opened.shop(60);
    const fake = await opened.fake();
    const first = opened.watching(connectorOf(shop, fake.url, 'delete'));
    await eventually('60 users', () => fake.users.size === 60);
    await first.told('caught-up');
    await first.stop();
    const model = sql`SELECT c.*, 0 AS orders FROM customers c JOIN orders o ON o.customer_id = c.id AND false`;
    const second = opened.watching(connectorOf(shop, fake.url, 'delete', { model }));
    expect(await second.failed()).toBeInstanceOf(SafetyLimit);
    expect(fake.users.size).toBe(60);
    expect(fake.requests.filter(({ method }) => method === 'DELETE')).toEqual([]);
  });

  it('are nobody when a change finds the model empty, or more of them go than may at once', async () => {
    const shop = await opened.shop(60);
    await shop.pool.query('CREATE VIEW model AS SELECT c.*, 0 AS orders FROM customers c');
    const fake = await opened.fake();
    const model = sql`SELECT * FROM model`;
    const first = opened.watching(connectorOf(shop, fake.url, 'delete', { model }));
    await eventually('60 users', () => fake.users.size === 60);
    await first.told('caught-up');
    await shop.pool.query(
      'CREATE OR REPLACE VIEW model AS SELECT c.*, 0 AS orders FROM customers c WHERE false',
    );
    await shop.pool.query("UPDATE customers SET name = 'Changed' WHERE id = 1");
    expect(String(await first.failed())).toContain('no row at all');
    await shop.pool.query(
      'CREATE OR REPLACE VIEW model AS SELECT c.*, 0 AS orders FROM customers c WHERE id > 55',
    );
    await shop.pool.query("UPDATE customers SET name = 'Changed again'");
    const second = opened.watching(connectorOf(shop, fake.url, 'delete', { model }));
    expect(String(await second.failed())).toMatch(
      /of 60 users have no row in the model any more, and at most 50/,
    );
    // What trickles in goes, up to what is always allowed.
    expect(fake.users.size).toBeGreaterThanOrEqual(10);
    // With the word that allows it, the same changes go on.
    opened.watching(connectorOf(shop, fake.url, 'delete', { model, limits: { maxDeletes: '100%' } }));
    await eventually('5 users', () => fake.users.size === 5);
  });

  it('are rejects where their external id needs more than the key', async () => {
    const shop = await opened.shop(2);
    const fake = await opened.fake();
    const run = opened.watching(connectorOf(shop, fake.url, 'delete', { externalId: byLanguage }));
    await eventually('2 users', () => fake.users.size === 2);
    await run.told('caught-up');
    await shop.pool.query('DELETE FROM customers WHERE id = 2');
    await eventually('the reject', () => shop.rejects().some(({ field }) => field === 'externalId'));
    expect(fake.users.size).toBe(2);
  });
});

describe('a user who has taken another over', () => {
  it('has the devices of the other', async () => {
    const shop = await opened.shop(2);
    await shop.pool.query('ALTER TABLE customers ADD COLUMN merged int');
    const fake = await opened.fake();
    opened.watching(connectorOf(shop, fake.url, 'ignore', { replaces: 'merged' }));
    await eventually('2 users', () => fake.users.size === 2);
    fake.users
      .get('1')
      ?.subscriptions.push({ id: 'phone', type: 'AndroidPush', token: 'device', enabled: true });
    await shop.pool.query('UPDATE customers SET merged = 1 WHERE id = 2');
    await eventually('the device', () => fake.users.get('2')?.subscriptions.some(({ id }) => id === 'phone'));
    expect(fake.users.get('1')?.subscriptions).toEqual([]);
  });
});

describe('messages without end', () => {
  it('stop the run before the limit of a minute is passed', async () => {
    const shop = await opened.shop(30);
    const fake = await opened.fake();
    const connector = shop.connector(fake.url);
    const messages = Object.fromEntries(
      Object.entries(connector.messages).map(([name, trigger]) => [name, { ...trigger, maxPerMinute: 10 }]),
    );
    const run = opened.watching({ ...connector, messages });
    await eventually('30 users', () => fake.users.size === 30);
    await run.told('caught-up');
    await shop.pool.query("INSERT INTO orders (customer_id, status) SELECT id, 'shipped' FROM customers");
    const failure = await run.failed();
    expect(failure).toBeInstanceOf(SafetyLimit);
    expect(String(failure)).toContain('messages.order_shipped.maxPerMinute');
    expect(fake.messages.size).toBeLessThanOrEqual(10);
  });
});
