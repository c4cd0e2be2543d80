import { randomUUID } from 'node:crypto';
import type { FeedEvent } from '@carillon/wire';
import { afterEach, describe, expect, it } from 'vitest';
import { email, sql } from '../config/fields.ts';
import type { Row } from '../config/fields.ts';
import { eventually } from '../fixtures/eventually.ts';
import type { FakeDestination } from '../fixtures/fake-destination.ts';
import { Opened } from '../fixtures/opened.ts';
import type { Shop } from '../fixtures/shop.ts';
import type { Connector } from '../index.ts';

const opened = new Opened();
afterEach(() => opened.close());

/** A shop that says when its customers opted in, or not. */
async function shopWithDates(customers: number): Promise<Shop> {
  const shop = await opened.shop(customers);
  await shop.pool.query("ALTER TABLE customers ADD COLUMN opted_in_at timestamptz DEFAULT '2026-10-01'");
  return shop;
}

const enabled = (row: Row) => row['opted_in'] === true;

function connectorOf(shop: Shop, url: string, isDated: boolean, changes: Partial<Connector> = {}): Connector {
  const connector = shop.connector(url);
  const field = email('email', isDated ? { enabled, consentAt: 'opted_in_at' } : { enabled });
  return { ...connector, users: { ...connector.users!, subscriptions: [field] }, ...changes };
}

const WRITES_BACK = {
  table: 'message_events',
  writes: {
    unsubscribed: ({ externalId, at }: { externalId: string | null; at: Date }) =>
      sql`UPDATE customers SET opted_in = false, opted_in_at = now(), updated_at = now()
          WHERE id = ${externalId}::int AND opted_in_at < ${at}`,
  },
};

/** Somebody uses the link of a mail: the target turns them off, and tells. */
function unsubscribe(fake: FakeDestination, customer: number, at: string): void {
  for (const subscription of fake.users.get(String(customer))?.subscriptions ?? [])
    subscription.enabled = false;
  fake.feed.push(event('unsubscribed', customer, at));
}

function event(what: string, customer: number, at: string): FeedEvent {
  return {
    id: randomUUID(),
    kind: `message.email.${what}`,
    at,
    message_id: randomUUID(),
    message_name: null,
    template_id: null,
    subscription_id: randomUUID(),
    onesignal_id: randomUUID(),
    external_id: String(customer),
    channel: 'email',
    address: `c${customer}@example.com`,
    reason: 'unsubscribe link',
    url: null,
  };
}

function isOn(fake: FakeDestination, customer: number): boolean | undefined {
  return fake.users.get(String(customer))?.subscriptions[0]?.enabled;
}

/** A change of one's own that was followed up: everything before it has been looked at as well. */
async function settled(shop: Shop, fake: FakeDestination, customer: number): Promise<void> {
  const name = randomUUID();
  await shop.pool.query('UPDATE customers SET name = $2, updated_at = now() WHERE id = $1', [customer, name]);
  await eventually('the change', () => fake.users.get(String(customer))?.tags['name'] === name);
}

describe('consent in two directions', () => {
  it('stays off after an unsubscription, whatever else of the row changes, until the row has a newer yes', async () => {
    const shop = await shopWithDates(2);
    const fake = await opened.fake();
    opened.watching(connectorOf(shop, fake.url, true));
    await eventually('2 users', () => fake.users.size === 2);
    unsubscribe(fake, 1, '2026-11-01T12:00:00.000Z');
    await eventually(
      'the row',
      async () => (await shop.pool.query('SELECT 1 FROM message_events')).rowCount === 1,
    );
    await settled(shop, fake, 1);
    expect([isOn(fake, 1), isOn(fake, 2)]).toEqual([false, true]);
    await shop.pool.query("UPDATE customers SET opted_in_at = '2026-11-02', updated_at = now() WHERE id = 1");
    await eventually('the yes', () => isOn(fake, 1));
  });

  it('is not undone by a pass, a lost home or an edited mapping', async () => {
    const shop = await shopWithDates(1);
    const fake = await opened.fake();
    const connector = connectorOf(shop, fake.url, false);
    const first = opened.watching(connector);
    await eventually('the user', () => fake.users.size === 1);
    unsubscribe(fake, 1, new Date().toISOString());
    await eventually(
      'the row',
      async () => (await shop.pool.query('SELECT 1 FROM message_events')).rowCount === 1,
    );
    await settled(shop, fake, 1);
    await first.stop();
    const edited = { ...connector, users: { ...connector.users!, country: () => 'DE' } };
    const second = opened.watching(edited);
    await eventually('the country', () => fake.users.get('1')?.properties['country'] === 'DE');
    expect(isOn(fake, 1)).toBe(false);
    await second.stop();
  });

  it('turns off once more who was turned on by a request that crossed the no', async () => {
    const shop = await shopWithDates(1);
    const fake = await opened.fake();
    opened.watching(connectorOf(shop, fake.url, false));
    await eventually('the user', () => fake.users.size === 1);
    // The no came first, and the request under way turned it over.
    fake.feed.push(event('unsubscribed', 1, new Date().toISOString()));
    expect(isOn(fake, 1)).toBe(true);
    await eventually('the no', () => isOn(fake, 1) === false);
  });

  it('does not go round: what is written back comes as a change that sends nothing', async () => {
    const shop = await shopWithDates(1);
    const fake = await opened.fake();
    const run = opened.watching(connectorOf(shop, fake.url, true, { back: WRITES_BACK }));
    await eventually('the user', () => fake.users.size === 1);
    await run.told('caught-up');
    const before = fake.userRequests;
    unsubscribe(fake, 1, '2026-11-01T12:00:00.000Z');
    await eventually('the row that was written', async () => {
      const { rows } = await shop.pool.query<{ opted_in: boolean }>('SELECT opted_in FROM customers');
      return rows.length === 1 && !rows.some((row) => row.opted_in);
    });
    // One look confirms the no. The change that we wrote ourselves joins it, or differs in nothing.
    await eventually('a look, and nothing that waits', () => {
      const told = run.reports.filter(({ kind }) => kind === 'delivered' || kind === 'caught-up');
      return fake.userRequests > before && told.at(-1)?.kind === 'caught-up';
    });
    const confirmed = fake.userRequests - before;
    expect(confirmed).toBeLessThanOrEqual(2);
    for (let i = 0; i < 3; i += 1) {
      await shop.pool.query('UPDATE customers SET opted_in_at = now(), updated_at = now()');
      const marker = run.reports.length;
      await eventually('another look', () =>
        run.reports.slice(marker).some((report) => report.kind === 'delivered' && report.batch.unchanged > 0),
      );
    }
    expect(fake.userRequests - before).toBe(confirmed);
    expect(isOn(fake, 1)).toBe(false);
  });

  it('sends nothing where only the spelling differs from what the target keeps', async () => {
    const shop = await shopWithDates(1);
    await shop.pool.query(
      "UPDATE customers SET email = 'Ann@Example.COM', name = ' Ann ', language = 'EN-us'",
    );
    const fake = await opened.fake();
    const run = opened.watching(connectorOf(shop, fake.url, true));
    const user = await eventually('the user', () => fake.users.get('1'));
    expect(user.tags['name']).toBe('Ann');
    await run.told('caught-up');
    const before = fake.userRequests;
    await shop.pool.query(
      "UPDATE customers SET email = 'ann@example.com', name = 'Ann', language = 'en', updated_at = now()",
    );
    await eventually('a look that finds nothing', () =>
      run.reports.some((report) => report.kind === 'delivered' && report.batch.unchanged > 0),
    );
    expect(fake.userRequests).toBe(before);
  });

  it('passes over people of the target who are nobody’s row', async () => {
    const shop = await shopWithDates(1);
    const fake = await opened.fake();
    const run = opened.watching(connectorOf(shop, fake.url, true));
    await eventually('the user', () => fake.users.size === 1);
    fake.feed.push({
      ...event('unsubscribed', 1, '2026-11-01T12:00:00.000Z'),
      external_id: 'admin-of-another-system',
      address: 'admin@example.com',
    });
    await eventually(
      'the row',
      async () => (await shop.pool.query('SELECT 1 FROM message_events')).rowCount === 1,
    );
    await settled(shop, fake, 1);
    expect(isOn(fake, 1)).toBe(true);
    await run.stop();
  });
});
