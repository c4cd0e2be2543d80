import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually.ts';
import { Opened } from '../fixtures/opened.ts';

const opened = new Opened();
afterEach(() => opened.close());

async function setUp(customers: number) {
  return { shop: await opened.shop(customers), fake: await opened.fake() };
}

describe.each(['cdc', 'cursor'] as const)('watching by %s', (changes) => {
  it('brings every row over as a user with tags and an address', async () => {
    const { shop, fake } = await setUp(25);
    await shop.addOrder(3, 'new');
    const run = opened.watch(shop, fake.url, changes);
    await eventually('25 users', () => fake.users.size === 25);
    expect(fake.users.get('3')).toEqual({
      tags: { name: 'Customer 3', orders: '1' },
      properties: { language: 'en' },
      subscriptions: [{ id: expect.any(String), type: 'Email', token: 'c3@example.com', enabled: true }],
    });
    expect(await run.told('reading')).toMatchObject({ mode: changes });
    expect(fake.violations).toEqual([]);
  });

  it('follows a change of a row, and of a row that the user is joined with', async () => {
    const { shop, fake } = await setUp(2);
    const run = opened.watch(shop, fake.url, changes);
    await run.told('caught-up');
    await eventually('2 users', () => fake.users.size === 2);
    await shop.pool.query(
      "UPDATE customers SET name = 'Ada', email = 'ada@example.com', opted_in = false, updated_at = clock_timestamp() WHERE id = 1",
    );
    await shop.addOrder(2, 'new');
    await eventually('the name', () => fake.users.get('1')?.tags['name'] === 'Ada');
    await eventually('the count', () => fake.users.get('2')?.tags['orders'] === '1');
    await eventually('the addresses', () =>
      fake.users.get('1')?.subscriptions.every(({ enabled }) => !enabled),
    );
    expect(fake.users.get('1')?.subscriptions.map(({ token }) => token)).toEqual([
      'c1@example.com',
      'ada@example.com',
    ]);
  });

  it('sends one message when an order becomes shipped, and one event when it becomes paid', async () => {
    const { shop, fake } = await setUp(3);
    const order = await shop.addOrder(2, 'new');
    const run = opened.watch(shop, fake.url, changes);
    await eventually('3 users', () => fake.users.size === 3);
    await run.told('caught-up');
    await shop.setStatus(order, 'paid');
    await eventually('the event', () => fake.events.size === 1);
    await shop.setStatus(order, 'shipped');
    await eventually('the message', () => fake.messages.size === 1);
    expect([...fake.events.values()]).toMatchObject([
      { name: 'purchase', external_id: '2', properties: { order_id: order } },
    ]);
    expect([...fake.messages.values()]).toMatchObject([
      {
        app_id: 'the-app',
        include_aliases: { external_id: ['2'] },
        target_channel: 'email',
        template_id: '00000000-0000-4000-8000-000000000001',
        custom_data: { order_id: order },
      },
    ]);
    expect(fake.violations).toEqual([]);
  });

  it('is silent about what had happened before it began', async () => {
    const { shop, fake } = await setUp(2);
    const old = await shop.addOrder(1, 'shipped');
    const run = opened.watch(shop, fake.url, changes);
    expect(await run.told('begun')).toMatchObject({ reason: 'first', history: 1 });
    await eventually('2 users', () => fake.users.size === 2);
    // Another column changes: without the row before, this looks like becoming shipped.
    await shop.pool.query('UPDATE orders SET customer_id = 2, updated_at = clock_timestamp() WHERE id = $1', [
      old,
    ]);
    const fresh = await shop.addOrder(1, 'shipped');
    await eventually('the message', () => fake.messages.size > 0);
    expect([...fake.messages.values()].map((message) => message['custom_data'])).toEqual([
      { order_id: fresh },
    ]);
  });

  it('goes on after a stop where it was, and sends nothing again', async () => {
    const { shop, fake } = await setUp(5);
    const first = opened.watch(shop, fake.url, changes);
    await eventually('5 users', () => fake.users.size === 5);
    await first.told('caught-up');
    await shop.addOrder(1, 'shipped');
    await eventually('the message', () => fake.messages.size === 1);
    await eventually('the count', () => fake.users.get('1')?.tags['orders'] === '1');
    await first.stop();
    await shop.addOrder(2, 'shipped');
    const before = fake.requests.filter(({ path }) => path === '/notifications').length;
    const second = opened.watch(shop, fake.url, changes);
    await eventually('the second message', () => fake.messages.size === 2);
    expect(await second.told('begun')).toMatchObject({ reason: 'resumed', history: 0 });
    expect(fake.requests.filter(({ path }) => path === '/notifications').length - before).toBe(1);
    expect(fake.users.get('2')?.tags['orders']).toBe('1');
  });
});
