import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { laneOf, newId } from '../../platform/ids.ts';
import { Identity } from './index.ts';

let testDatabase: TestDatabase;
let identity: Identity;
const app = newId();

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  identity = new Identity({ database: testDatabase.database, clock: new FakeClock() });
});
afterAll(() => testDatabase.drop());

test('a new user is created with its aliases, tags and subscriptions, and is found at once', async () => {
  const { created, user } = await identity.upsertUser(app, {
    identity: { external_id: 'ann', crm_id: 'C1' },
    properties: { tags: { plan: 'gold', age: 30 }, language: 'en' },
    subscriptions: [
      { type: 'Email', token: ' Ann@Example.com ' },
      { type: 'SMS', token: '+15550100001' },
    ],
  });
  expect(created).toBe(true);
  expect(user.identity).toMatchObject({ external_id: 'ann', crm_id: 'C1' });
  expect(user.properties).toMatchObject({ tags: { plan: 'gold', age: '30' }, language: 'en' });
  expect(user.subscriptions.map(({ type, token, enabled }) => ({ type, token, enabled }))).toEqual([
    { type: 'Email', token: 'ann@example.com', enabled: true },
    { type: 'SMS', token: '+15550100001', enabled: true },
  ]);

  const places = await identity.resolveAliases(app, 'crm_id', ['C1', 'nobody']);
  expect([...places.keys()]).toEqual(['C1']);
  const place = [...places.values()][0];
  if (place === undefined) throw new Error('not found');
  expect(place.userId).toBe(user.identity['onesignal_id']);

  const [email] = await identity.subscriptionsOf(app, [place], 'email');
  expect(email).toMatchObject({ ...place, subscriptionId: user.subscriptions[0]?.id, reachable: true });
  const ids = [email?.subscriptionId ?? ''];
  const [recipient] = await identity.recipients([{ lane: place.lane, appId: app, ids }]);
  const everyone = { lane: place.lane, appId: app, channel: 'email', after: null } as const;
  expect(await identity.audience([everyone, { ...everyone, after: ids[0] ?? null }], 10)).toEqual([
    [recipient],
    [],
  ]);
  expect(recipient).toEqual({
    lane: place.lane,
    subscriptionId: email?.subscriptionId,
    userId: place.userId,
    type: 'Email',
    channel: 'email',
    token: 'ann@example.com',
    reachable: true,
    device: null,
    externalId: 'ann',
    language: 'en',
    timezoneId: null,
    country: null,
    tags: { plan: 'gold', age: '30' },
  });
});

test('a known external_id changes its user: tags merge, "" removes, an address is not doubled', async () => {
  const { created, user } = await identity.upsertUser(app, {
    identity: { external_id: 'ann' },
    properties: { tags: { plan: 'silver', age: '' } },
    subscriptions: [{ type: 'email', token: 'ANN@example.com' }],
  });
  expect(created).toBe(false);
  expect(user.identity).toMatchObject({ external_id: 'ann', crm_id: 'C1' });
  expect(user.properties.tags).toEqual({ plan: 'silver' });
  expect(user.subscriptions).toHaveLength(1);
});

test('an address that belongs to someone else moves, and is found under its id in its new lane', async () => {
  const first = await identity.upsertUser(app, {
    identity: { external_id: 'from' },
    subscriptions: [{ type: 'Email', token: 'moving@example.com' }],
  });
  const id = first.user.subscriptions[0]?.id ?? '';
  const second = await identity.upsertUser(app, {
    identity: { external_id: 'to' },
    subscriptions: [{ type: 'Email', token: 'moving@example.com' }],
  });
  expect(second.user.subscriptions[0]?.id).toBe(id);
  const [place] = await identity.locateSubscriptions(app, [id]);
  expect(place?.userId).toBe(second.user.identity['onesignal_id']);
  const oldLane = Number.parseInt(id.slice(-2), 16);
  const [recipient] = await identity.recipients([{ lane: oldLane, appId: app, ids: [id] }]);
  expect(recipient).toMatchObject({ externalId: 'to', lane: place?.lane });
});

test('an alias of someone else is refused with both forms of the conflict, and nothing is written', async () => {
  await identity.upsertUser(app, { identity: { external_id: 'owner', badge: 'B1' } });
  await expect(
    identity.upsertUser(app, { identity: { external_id: 'other', badge: 'B1' } }),
  ).rejects.toMatchObject({
    code: 'user-2',
    status: 409,
    meta: { badge: 'B1', conflicting_aliases: { badge: 'B1' } },
  });
  expect(await identity.resolveAliases(app, 'external_id', ['other'])).toEqual(new Map());
});

test('an address also moves between two users of one lane', async () => {
  const byLane = new Map<number, string>();
  for (let n = 0; ; n += 1) {
    const { user } = await identity.upsertUser(app, { identity: { external_id: `neighbour ${n}` } });
    const lane = laneOf(user.identity['onesignal_id'] ?? '');
    const neighbour = byLane.get(lane);
    byLane.set(lane, `neighbour ${n}`);
    if (neighbour === undefined) continue;
    const subscriptions = [{ type: 'Email', token: 'fence@example.com' }];
    const first = await identity.upsertUser(app, { identity: { external_id: neighbour }, subscriptions });
    const second = await identity.upsertUser(app, {
      identity: { external_id: `neighbour ${n}` },
      subscriptions,
    });
    expect(second.user.subscriptions).toEqual(first.user.subscriptions);
    const [place] = await identity.locateSubscriptions(app, [first.user.subscriptions[0]?.id ?? '']);
    expect(place).toMatchObject({ lane, userId: user.identity['onesignal_id'] });
    return;
  }
});

test('users are found by onesignal_id in either case of its letters', async () => {
  const { user } = await identity.upsertUser(app, { identity: { external_id: 'case' } });
  const id = user.identity['onesignal_id'] ?? '';
  const found = await identity.resolveAliases(app, 'onesignal_id', [id.toUpperCase(), newId(), 'no id']);
  expect([...found]).toEqual([[id.toUpperCase(), { lane: laneOf(id), userId: id }]]);
  expect(await identity.resolveAliases(newId(), 'onesignal_id', [id])).toEqual(new Map());
});
