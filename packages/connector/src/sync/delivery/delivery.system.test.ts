import { rmSync } from 'node:fs';
import { startOneSignalFake } from '@carillon/onesignal-fake';
import type { FakeOptions, OneSignalFake } from '@carillon/onesignal-fake';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../fixtures/eventually.ts';
import { Opened } from '../../fixtures/opened.ts';
import type { Shop } from '../../fixtures/shop.ts';
import { openHome } from '../../home/home.ts';
import { onesignal, runSync } from '../../index.ts';
import type { Connector } from '../../index.ts';
import { nameId } from '../../model/name-id.ts';
import type { EventItem, MessageItem, OutboxItem } from '../../model/outbox-item.ts';
import { transitionDigest } from '../../model/transition.ts';
import type { BatchCount } from '../report.ts';
import { begunAt, SENT } from './ledger.ts';

const opened = new Opened();
afterEach(() => opened.close());
const DAY_MS = 86_400_000;

async function setUp(customers: number, options: FakeOptions = {}) {
  const shop = await opened.shop(customers);
  const fake = await startOneSignalFake({
    templates: [{ name: 'order-shipped', channel: 'email' }],
    ...options,
  });
  opened.add(() => fake.stop());
  return { shop, fake };
}

function connector(
  shop: Shop,
  { url, appId, apiKey }: OneSignalFake,
  more: Partial<Connector> = {},
): Connector {
  return { ...shop.connector(url), target: onesignal({ url, appId, apiKey }), ...more };
}

function event(n: number, externalId: string, properties: object = { n }): EventItem {
  const id = nameId('event', String(n));
  return {
    kind: 'event',
    id,
    name: 'e',
    externalId,
    at: '2026-11-01T00:00:00Z',
    properties: { ...properties },
  };
}

function message(n: number, externalId: string): MessageItem {
  const [id, name, channel, template] = [
    nameId('m', String(n)),
    'shipped',
    'email',
    'order-shipped',
  ] as const;
  return { kind: 'message', id, name, externalId, channel, template, data: {}, notAfter: null };
}

/** Runs a pass with these items in the outbox before it, and adds up what was delivered. */
async function deliver(shop: Shop, config: Connector, ...items: OutboxItem[]): Promise<BatchCount> {
  const home = await openHome(shop.home);
  await home.outbox.append(items);
  await home.close();
  const sum: Record<string, number> = {};
  await runSync(config, {
    signal: new AbortController().signal,
    report: (report) => {
      if (report.kind !== 'delivered') return;
      for (const [name, count] of Object.entries(report.batch)) sum[name] = (sum[name] ?? 0) + Number(count);
    },
  });
  return sum as unknown as BatchCount;
}

describe('delivery', () => {
  it('acknowledges a user before its events, and keeps their order', async () => {
    const { shop, fake } = await setUp(3);
    const events = Array.from({ length: 30 }, (_, n) => event(n, String(1 + (n % 3))));
    const users = ['1', '2', '3'].map((key): OutboxItem => ({ kind: 'user', key }));
    const count = await deliver(shop, connector(shop, fake), ...users, ...events);
    expect(count).toMatchObject({ users: 3, events: 30, rejected: 0 });
    for (const user of ['1', '2', '3']) {
      const sent = fake.app.events.filter(({ externalId }) => externalId === user).map(({ key }) => key);
      expect(sent).toEqual(events.filter(({ externalId }) => externalId === user).map(({ id }) => id));
    }
    expect(fake.violations.list()).toEqual([]);
  });

  it('puts a poisoned event among the rejects and goes on with the user, and with all others', async () => {
    const { shop, fake } = await setUp(2);
    const poison = event(2, '1', { text: 'x'.repeat(3000) });
    const count = await deliver(
      shop,
      connector(shop, fake),
      { kind: 'user', key: '1' },
      event(1, '1'),
      poison,
      event(3, '1'),
    );
    expect(count).toMatchObject({ users: 2, events: 2, rejected: 1 });
  });

  it('holds the later events and messages of a user back where that is wanted, until it is sent again', async () => {
    const { shop, fake } = await setUp(2);
    const config = connector(shop, fake, { afterReject: 'hold-user' });
    const poison = event(2, '1', { text: 'x'.repeat(3000) });
    const users = ['1', '2'].map((key): OutboxItem => ({ kind: 'user', key }));
    await deliver(shop, config, ...users);
    const first = await deliver(
      shop,
      config,
      event(1, '1'),
      poison,
      event(3, '1'),
      message(4, '1'),
      event(5, '2'),
    );
    expect(first).toMatchObject({ events: 2, messages: 0, rejected: 3 });
    const mended = { ...event(2, '1'), again: true } as const;
    const second = await deliver(shop, config, mended, { ...event(3, '1'), again: true }, message(4, '1'));
    expect(second).toMatchObject({ events: 2, messages: 1, rejected: 0 });
  });

  it('says of a message that reaches nobody that it does, and does not ask again', async () => {
    const { shop, fake } = await setUp(1);
    const config = connector(shop, fake);
    expect(await deliver(shop, config, message(1, 'nobody'))).toMatchObject({ noRecipients: 1, rejected: 0 });
    await deliver(shop, config, message(1, 'nobody'));
    expect(fake.requests.get('POST /notifications')).toBe(1);
  });

  it('asks again under the same key where the answer was lost with the process', async () => {
    const { shop, fake } = await setUp(1);
    const config = connector(shop, fake);
    await deliver(shop, config, { kind: 'user', key: '1' });
    const home = await openHome(shop.home);
    await home.state.commit([[transitionDigest(message(1, '1').id), begunAt(Date.now() - DAY_MS)]]);
    await home.close();
    expect(await deliver(shop, config, message(1, '1'))).toMatchObject({ messages: 1 });
    expect([...fake.app.messages.values()].map(({ key }) => key)).toEqual([message(1, '1').id]);
  });

  it('does not ask again when the key may be forgotten, and never when it was sent', async () => {
    const { shop, fake } = await setUp(1);
    const config = connector(shop, fake);
    await deliver(shop, config, { kind: 'user', key: '1' });
    const home = await openHome(shop.home);
    await home.state.commit([
      [transitionDigest(message(1, '1').id), begunAt(Date.now() - 30 * DAY_MS)],
      [transitionDigest(message(2, '1').id), SENT],
    ]);
    await home.close();
    expect(await deliver(shop, config, message(1, '1'), message(2, '1'))).toMatchObject({ rejected: 1 });
    expect(fake.app.messages.size).toBe(0);
  });

  it('writes a refused user once more in each run, as a whole, until it is taken', async () => {
    const { shop, fake } = await setUp(2, { plan: 'free' });
    const config = connector(shop, fake);
    expect(await deliver(shop, config)).toMatchObject({ users: 2 });
    const { users } = config;
    const tags = { ...users?.tags, plan: { from: 'name' } };
    const wide = { ...config, users: users === null ? null : { ...users, tags } };
    // The pass looks at everybody for the new mapping, and the rejects would too.
    expect(await deliver(shop, wide)).toMatchObject({ users: 0, rejected: 2 });
    expect(await deliver(shop, wide)).toMatchObject({ users: 0, rejected: 2 });
    expect(shop.rejects().map(({ attempts }) => attempts)).toEqual([2, 2]);
    // What was acknowledged before is what is wanted again; a part of the refused may be there.
    expect(await deliver(shop, config)).toMatchObject({ users: 2, rejected: 0 });
    expect(shop.rejects()).toEqual([]);
    expect(await deliver(shop, config)).toEqual({});
  });

  it('removes a user whose row went while it was not known whether it had been written', async () => {
    const { shop, fake } = await setUp(2);
    const config = connector(shop, fake);
    const users = config.users === null ? null : { ...config.users, onDelete: 'delete' as const };
    await deliver(shop, { ...config, users });
    // As a kill leaves it between the request and the note of its answer.
    rmSync(shop.home, { recursive: true });
    await shop.pool.query('DELETE FROM customers WHERE id = 2');
    expect(await deliver(shop, { ...config, users }, { kind: 'user', key: '2' })).toMatchObject({
      removed: 1,
    });
    expect(fake.app.people.size).toBe(1);
  });

  it('removes a user whose row goes while it is being written', async () => {
    const { shop, fake } = await setUp(2, { faults: { delayMs: 500 } });
    const config = connector(shop, fake);
    const users = config.users === null ? null : { ...config.users, onDelete: 'delete' as const };
    const run = opened.watching({ ...config, users });
    await eventually('2 users', () => fake.app.people.size === 2);
    await run.told('caught-up');
    const before = fake.requests.get('POST /apps/:app/users') ?? 0;
    await shop.pool.query("INSERT INTO customers (id, name, email) VALUES (3, 'Short', 'c3@example.com')");
    await eventually('the request', () => (fake.requests.get('POST /apps/:app/users') ?? 0) > before);
    await shop.pool.query('DELETE FROM customers WHERE id = 3');
    await eventually('the end of the user', () =>
      run.reports.some((report) => report.kind === 'delivered' && report.batch.removed > 0),
    );
    expect(fake.app.people.find('external_id', '3')).toBeUndefined();
  });

  it('counts a user that goes once, however often the run ends before it is gone', async () => {
    const { shop, fake } = await setUp(60);
    const config = connector(shop, fake);
    const users = config.users === null ? null : { ...config.users, onDelete: 'delete' as const };
    const first = opened.watching({ ...config, users });
    await eventually('60 users', () => fake.app.people.size === 60);
    await first.told('caught-up');
    fake.faults.set({ rates: { unavailable: 1 } });
    await shop.pool.query('DELETE FROM customers WHERE id <= 30');
    await first.told('trouble');
    await first.stop();
    for (let runs = 0; runs < 2; runs += 1) {
      const next = opened.watching({ ...config, users });
      await next.told('trouble');
      await next.stop();
    }
    fake.faults.clear();
    const last = opened.watching({ ...config, users });
    await eventually('30 users', () => fake.app.people.size === 30);
    await expect(last.stop()).resolves.toBeUndefined();
  });

  it('looks for words of consent from the first row on that says no, and not before', async () => {
    const { shop, fake } = await setUp(2);
    const config = connector(shop, fake);
    const kept = async () => {
      const home = await openHome(shop.home);
      const { consents } = home.state.progress;
      await home.close();
      return consents;
    };
    expect(await deliver(shop, config)).toMatchObject({ users: 2 });
    expect(await kept()).toBe('none');
    await shop.pool.query('UPDATE customers SET opted_in = false WHERE id = 2');
    expect(await deliver(shop, config, { kind: 'user', key: '2' })).toMatchObject({ users: 1 });
    expect(await kept()).toBe('some');
  });

  it('does with a user that left what the configuration says', async () => {
    const { shop, fake } = await setUp(2);
    const config = connector(shop, fake);
    await deliver(shop, config);
    const users = config.users === null ? null : { ...config.users, onDelete: 'delete' as const };
    await shop.pool.query('DELETE FROM customers WHERE id = 2');
    await deliver(shop, config, { kind: 'removal', key: '2' });
    expect(fake.app.people.size).toBe(2);
    expect(await deliver(shop, { ...config, users }, { kind: 'removal', key: '2' })).toMatchObject({
      removed: 1,
    });
    expect(fake.app.people.find('external_id', '2')).toBeUndefined();
    await shop.pool.query("INSERT INTO customers (id, name, email) VALUES (2, 'Back', 'c2@example.com')");
    await deliver(shop, { ...config, users });
    expect(fake.app.people.find('external_id', '2')?.subscriptions).toHaveLength(1);
  });
});
