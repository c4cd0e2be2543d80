import { randomUUID } from 'node:crypto';
import type { FeedEvent } from '@carillon/wire';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually.ts';
import { Opened } from '../fixtures/opened.ts';
import type { Shop } from '../fixtures/shop.ts';

const opened = new Opened();
afterEach(() => opened.close());

function event(kind: string, changes: Partial<FeedEvent> = {}): FeedEvent {
  return {
    id: randomUUID(),
    kind: `message.email.${kind}`,
    at: '2026-11-01T12:00:00.123Z',
    message_id: randomUUID(),
    message_name: null,
    template_id: null,
    subscription_id: randomUUID(),
    onesignal_id: randomUUID(),
    external_id: '1',
    channel: 'email',
    address: 'c1@example.com',
    reason: null,
    url: null,
    ...changes,
  };
}

async function kinds(shop: Shop): Promise<string[]> {
  const { rows } = await shop.pool.query<{ kind: string }>(
    'SELECT kind FROM message_events ORDER BY position',
  );
  return rows.map(({ kind }) => kind);
}

describe('the way back', () => {
  it('writes each event once, in their order, whatever it is told twice', async () => {
    const shop = await opened.shop(1);
    const fake = await opened.fake();
    const sent = event('sent');
    fake.feed.push(sent, event('received'));
    const first = opened.watch(shop, fake.url);
    await eventually('two rows', async () => (await kinds(shop)).length === 2);
    fake.feed.push(sent, event('clicked', { url: 'https://shop.example.com/\u0000' }));
    await eventually('a third row', async () => (await kinds(shop)).length === 3);
    expect(await kinds(shop)).toEqual(['sent', 'delivered', 'clicked']);
    await first.stop();

    fake.feed.push(event('opened'));
    opened.watch(shop, fake.url);
    await eventually('a fourth row', async () => (await kinds(shop)).length === 4);
    expect(fake.requests.findLast(({ path }) => path.endsWith('/feed'))).toBeDefined();
  });

  it('writes nothing that makes the connector send: its own table is not watched', async () => {
    const shop = await opened.shop(1);
    const fake = await opened.fake();
    const run = opened.watch(shop, fake.url);
    await run.told('caught-up');
    await eventually('the user', () => fake.users.size === 1);
    const before = fake.userRequests;
    for (let i = 0; i < 50; i += 1) fake.feed.push(event('opened'));
    await eventually('the rows', async () => (await kinds(shop)).length === 50);
    const order = await shop.addOrder(1, 'shipped');
    await eventually('the message', () => fake.messages.size === 1);
    expect(order).toBeGreaterThan(0);
    // One request: the count of orders.
    expect(fake.userRequests - before).toBe(1);
  });

  it('says so, and does the rest, where the target has no feed', async () => {
    const shop = await opened.shop(2);
    const fake = await opened.fake();
    fake.hasFeed = false;
    const run = opened.watch(shop, fake.url);
    await eventually('2 users', () => fake.users.size === 2);
    expect(await run.told('trouble')).toMatchObject({ where: 'target' });
  });
});
