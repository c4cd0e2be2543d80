import type { SubscriptionInput, User } from '@carillon/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { statement } from '../../platform/database/database.ts';
import { newId } from '../../platform/ids.ts';
import type { UserAddress } from './alias.ts';
import { BY_SYSTEM } from './change-source.ts';
import type { ChangeSource } from './change-source.ts';
import { Identity } from './index.ts';
import { brokenRules } from './invariants-store.ts';
import { BLOCKED_EXTERNAL_IDS } from './alias.ts';

const app = newId();
const clock = new FakeClock('2026-11-01T12:00:00Z');
const BY_KEY: ChangeSource = { way: 'api', keyId: newId() };
let testDatabase: TestDatabase;
let identity: Identity;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  identity = new Identity({
    database: testDatabase.database,
    clock,
    policyOf: async () => ({ tagLimit: 5, blockedExternalIds: BLOCKED_EXTERNAL_IDS }),
  });
});
afterAll(() => testDatabase.drop());

const named = (externalId: string): UserAddress => ({ by: 'alias', label: 'external_id', value: externalId });
const ofId = (user: User): UserAddress => ({ by: 'id', id: idOf(user) });
const idOf = (user: User) => user.identity['onesignal_id'] ?? '';

const labels = (from: number, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`label ${from + n}`, `rich ${from + n}`]));

const buy = (n: number, count = 1) => ({ sku: `sku-${n}`, amount: '0.10', iso: 'EUR', count });
const fact = (granted: boolean, at: string) => ({ granted, at, source: 'checkout', text: 'Write to me' });

async function create(externalId: string | null, subscriptions: SubscriptionInput[], tags = {}) {
  const body = { identity: externalId === null ? {} : { external_id: externalId }, subscriptions };
  const { user } = await identity.upsertUser(app, { ...body, properties: { tags } }, BY_KEY);
  return user;
}

const push = (n: number, more: SubscriptionInput = {}) => ({
  type: 'AndroidPush',
  token: `fcm ${n}`.replace(' ', ':'),
  ...more,
});
const email = (name: string, more: SubscriptionInput = {}) => ({
  type: 'Email',
  token: `${name}@example.com`,
  ...more,
});

test('sessions are counted for the user and for the subscription that had them', async () => {
  const user = await create('sessions', [push(1), push(2)]);
  const [first, second] = user.subscriptions;
  await clock.advance(60_000);
  const start = { deltas: { session_count: 1 }, refresh_device_metadata: true };
  await identity.users.update(app, ofId(user), start, BY_SYSTEM, first?.id);
  await identity.users.update(
    app,
    ofId(user),
    { deltas: { session_time: 31 } },
    BY_SYSTEM,
    first?.id.toUpperCase(),
  );
  await identity.users.update(app, ofId(user), start, BY_SYSTEM, newId());
  const seen = await identity.users.view(app, ofId(user));
  expect(seen.properties).toMatchObject({ session_count: 2, session_time: 31 });
  expect(seen.properties.last_active).toBe(user.properties.last_active + 60);
  expect(seen.subscriptions.find(({ id }) => id === first?.id)).toMatchObject({
    session_count: 1,
    session_time: 31,
  });
  expect(seen.subscriptions.find(({ id }) => id === second?.id)).toMatchObject({
    session_count: 0,
    session_time: 0,
  });
});

test('a session of a subscription that is another user’s is not counted there', async () => {
  const [mine, theirs] = [await create('mine', [push(3)]), await create('theirs', [push(4)])];
  await identity.users.update(
    app,
    ofId(mine),
    { deltas: { session_count: 1 } },
    BY_SYSTEM,
    theirs.subscriptions[0]?.id,
  );
  expect((await identity.users.view(app, ofId(theirs))).subscriptions[0]?.session_count).toBe(0);
});

test('purchases add up, and the newest hundred are kept', async () => {
  const user = await create('buyer', [push(5)]);
  await identity.users.update(app, ofId(user), { deltas: { purchases: [buy(0, 2), buy(1)] } }, BY_SYSTEM);
  const many = Array.from({ length: 99 }, (_, n) => buy(n + 2));
  await identity.users.update(
    app,
    ofId(user),
    { deltas: { purchases: many, amount_spent: '1.7' } },
    BY_SYSTEM,
  );
  const { properties } = await identity.users.view(app, ofId(user));
  expect(properties.amount_spent).toBe(2);
  expect(properties.purchases?.map(({ sku }) => sku)).toEqual(
    Array.from({ length: 100 }, (_, n) => `sku-${n + 1}`),
  );
});

test.each([
  ['session_count', { session_count: -1 }, /^deltas\.session_count must be a whole number/],
  [
    'an amount',
    { purchases: [{ sku: 'a', amount: '1,50' }] },
    /^deltas\.purchases\[0\]\.amount must be a decimal/,
  ],
])('deltas name the field of %s that is wrong', async (_, deltas, title) => {
  const user = await create('deltas', [push(6)]);
  await expect(identity.users.update(app, ofId(user), { deltas }, BY_SYSTEM)).rejects.toThrow(title);
});

test('the 21st subscription makes the oldest by last session leave to an anonymous user', async () => {
  const user = await create(
    'crowd',
    Array.from({ length: 20 }, (_, n) => push(100 + n)),
  );
  await clock.advance(1_000);
  // All but the eighth have a session after the first day.
  for (const [n, { id }] of user.subscriptions.entries()) {
    if (n !== 7)
      await identity.users.update(app, ofId(user), { deltas: { session_count: 1 } }, BY_SYSTEM, id);
  }
  await identity.subscriptions.create(app, ofId(user), push(120), BY_KEY);
  const after = await identity.users.view(app, ofId(user));
  expect(after.subscriptions).toHaveLength(20);
  const left = user.subscriptions.find(({ id }) => !after.subscriptions.some((s) => s.id === id));
  expect(left?.id).toBe(user.subscriptions[7]?.id);
  const owner = await identity.subscriptions.ownerOf(app, left?.id ?? '');
  expect(await identity.users.view(app, owner)).toMatchObject({
    identity: { onesignal_id: expect.not.stringMatching(idOf(user)) },
    subscriptions: [{ id: left?.id }],
  });
});

test('three emails and three phone numbers stay when a user has too many subscriptions', async () => {
  const old = [
    ...Array.from({ length: 4 }, (_, n) => email(`kept${n}`)),
    { type: 'SMS', token: '+15550104000' },
  ];
  const user = await create('mixed', old);
  await clock.advance(1_000);
  for (let n = 0; n < 18; n += 1) {
    await clock.advance(1_000);
    await identity.subscriptions.create(app, ofId(user), push(200 + n), BY_KEY);
  }
  const { subscriptions } = await identity.users.view(app, ofId(user));
  const count = (type: string) => subscriptions.filter((s) => s.type === type).length;
  expect([count('Email'), count('SMS'), count('AndroidPush')]).toEqual([3, 1, 16]);
  expect(subscriptions.at(-1)?.token).toBe('fcm:217');
});

test('more than 20 subscriptions in one request are refused', async () => {
  const tooMany = Array.from({ length: 21 }, (_, n) => push(300 + n));
  await expect(create('too many', tooMany)).rejects.toThrow(/^subscriptions must have at most 20 entries/);
});

test('an error after which the device tries again does not downgrade a healthy subscription', async () => {
  const user = await create('healthy', [push(400)]);
  const id = user.subscriptions[0]?.id ?? '';
  const passing = { enabled: false, notification_types: -9 };
  const seen = await identity.subscriptions.update(app, id, passing, BY_SYSTEM);
  expect(seen).toMatchObject({ enabled: true, notification_types: 1 });
  const again = await create('healthy', [push(400, passing)]);
  expect(again.subscriptions[0]).toMatchObject({ enabled: true, notification_types: 1 });
  const gone = await identity.subscriptions.update(
    app,
    id,
    { enabled: false, notification_types: -10 },
    BY_SYSTEM,
  );
  expect(gone).toMatchObject({ enabled: false, notification_types: -10 });
  // It is not healthy now: what the device says counts.
  const worse = await identity.subscriptions.update(app, id, passing, BY_SYSTEM);
  expect(worse).toMatchObject({ enabled: false, notification_types: -9 });
});

test('an anonymous user goes with the last thing of it, whichever way it leaves', async () => {
  const [a, b, c] = [
    await create(null, [push(500)]),
    await create(null, [push(501)]),
    await create(null, [email('solo')]),
  ];
  await identity.subscriptions.transfer(
    app,
    a.subscriptions[0]?.id ?? '',
    { external_id: 'crowd' },
    BY_SYSTEM,
  );
  await identity.subscriptions.delete(app, b.subscriptions[0]?.id ?? '', BY_SYSTEM);
  await create('crowd', [email('solo')]);
  for (const user of [a, b, c])
    await expect(identity.users.view(app, ofId(user))).rejects.toThrow(/match an existing user/);
  const named = await create('only a name', []);
  await identity.users.deleteAlias(app, ofId(named), 'external_id', BY_SYSTEM);
  await expect(identity.users.view(app, ofId(named))).rejects.toThrow(/match an existing user/);
});

test('a request that would leave a user with too many tags fails as a whole; at the limit tags can change', async () => {
  const user = await create('tagged', [], { a: 1, b: 2, c: 3, d: 4 });
  const tags = (tags: Record<string, string>) =>
    identity.users.update(app, ofId(user), { properties: { tags } }, BY_SYSTEM);
  await expect(tags({ e: '5', f: '6' })).rejects.toMatchObject({ code: 'tag-limit' });
  expect((await identity.users.view(app, ofId(user))).properties.tags).toEqual({
    a: '1',
    b: '2',
    c: '3',
    d: '4',
  });
  await tags({ e: '5' });
  await tags({ a: 'one' });
  await expect(tags({ f: '6' })).rejects.toMatchObject({ code: 'tag-limit' });
  await tags({ a: '', f: '6' });
  await expect(create('born with six', [], { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1 })).rejects.toMatchObject({
    code: 'tag-limit',
  });
});

test('the newest fact of consent decides, in whatever order facts arrive', async () => {
  const user = await create('consent', [email('consent')]);
  const id = user.subscriptions[0]?.id ?? '';
  const no = await identity.subscriptions.recordConsent(app, id, fact(false, '2026-10-03T00:00:00Z'), BY_KEY);
  expect(no).toMatchObject({ enabled: false, notification_types: -31 });
  const older = await identity.subscriptions.recordConsent(
    app,
    id,
    fact(true, '2026-10-02T00:00:00Z'),
    BY_KEY,
  );
  expect(older.enabled).toBe(false);
  const upsert = await create('consent', [email('consent', { consent: fact(true, '2026-10-01T00:00:00Z') })]);
  expect(upsert.subscriptions[0]?.enabled).toBe(false);
  const newer = await create('consent', [email('consent', { consent: fact(true, '2026-10-04T00:00:00Z') })]);
  expect(newer.subscriptions[0]).toMatchObject({ enabled: true, notification_types: 1 });
  // Told twice, it is one fact.
  await identity.subscriptions.recordConsent(app, id, fact(true, '2026-10-04T00:00:00Z'), BY_KEY);
  await identity.subscriptions.update(app, id, { enabled: false, notification_types: -2 }, BY_SYSTEM);
  const late = await identity.subscriptions.recordConsent(
    app,
    id,
    fact(true, '2026-10-05T00:00:00Z'),
    BY_KEY,
  );
  expect(late.enabled).toBe(false);
  const facts = await identity.subscriptions.consents(app, id);
  expect(facts.map(({ at, granted, source }) => `${at.slice(0, 10)} ${granted} ${source}`)).toEqual([
    '2026-11-01 false system',
    '2026-10-05 true checkout',
    '2026-10-04 true checkout',
    '2026-10-03 false checkout',
    '2026-10-02 true checkout',
    '2026-10-01 true checkout',
  ]);
});

test('consent goes with its subscription to another user', async () => {
  const fact = { granted: true, at: '2026-10-01T00:00:00Z', source: 'form' };
  const user = await create('giver', [email('moving', { consent: fact })]);
  const id = user.subscriptions[0]?.id ?? '';
  for (let n = 0; n < 3; n += 1) await create(`taker ${n}`, [email('moving')]);
  expect(await identity.subscriptions.consents(app, id)).toMatchObject([{ granted: true, source: 'form' }]);
});

test('consent from the future and consent that contradicts enabled are refused', async () => {
  const consent = { granted: true, at: '2027-01-01T00:00:00Z', source: 'form' };
  await expect(create('liar', [email('liar', { consent })])).rejects.toThrow(
    /^subscription\.consent\.at must not be in the future/,
  );
  const contrary = { enabled: false, consent: { ...consent, at: '2026-01-01T00:00:00Z' } };
  await expect(create('liar', [email('liar', contrary)])).rejects.toThrow(
    /^subscription\.enabled must say the same/,
  );
});

test('a device that logs in with a new token gives it to its subscription', async () => {
  const anonymous = await create(null, [push(600)]);
  const id = anonymous.subscriptions[0]?.id ?? '';
  const known = await create('login', [{ id, ...push(601) }]);
  expect(known.subscriptions).toMatchObject([{ id, token: 'fcm:601' }]);
  expect((await identity.users.view(app, ofId(known))).subscriptions).toMatchObject([
    { id, token: 'fcm:601' },
  ]);
});

test('a token of another type than the subscription’s is not taken', async () => {
  const user = await create('typed', [email('typed')]);
  const id = user.subscriptions[0]?.id ?? '';
  const again = await create('typed', [{ id, type: 'AndroidPush', token: 'NotAnEmail' }]);
  expect(again.subscriptions).toMatchObject([{ id, type: 'Email', token: 'typed@example.com' }]);
});

test('two users become one: what the kept one has stays, the rest is added, and the other is gone', async () => {
  const kept = await create('kept', [email('kept')], { plan: 'gold', since: '2020' });
  const gone = await create(
    null,
    [
      email('gone', { consent: { granted: true, at: '2026-01-01T00:00:00Z', source: 'old shop' } }),
      push(700),
    ],
    { plan: 'free', size: 'L' },
  );
  await identity.users.addAliases(
    app,
    ofId(gone),
    { identity: { external_id: 'gone', card: 'C-1' } },
    BY_KEY,
  );
  await identity.users.update(app, ofId(gone), { deltas: { session_count: 2, session_time: 9 } }, BY_SYSTEM);
  const merged = await identity.users.merge(app, named('kept'), { external_id: 'gone' }, BY_KEY);
  expect(merged).toMatchObject({
    identity: { onesignal_id: idOf(kept), external_id: 'kept', card: 'C-1' },
    properties: { tags: { plan: 'gold', since: '2020', size: 'L' }, session_count: 2, session_time: 9 },
    dropped_aliases: { external_id: 'gone' },
  });
  expect(merged.subscriptions.map(({ token }) => token).toSorted()).toEqual([
    'fcm:700',
    'gone@example.com',
    'kept@example.com',
  ]);
  await expect(identity.users.view(app, ofId(gone))).rejects.toThrow(/match an existing user/);
  const moved = merged.subscriptions.find(({ token }) => token === 'gone@example.com');
  expect(await identity.subscriptions.consents(app, moved?.id ?? '')).toMatchObject([{ source: 'old shop' }]);
  await expect(identity.users.merge(app, named('kept'), { card: 'C-1' }, BY_KEY)).rejects.toThrow(
    /^from must name another user/,
  );
});

test('a merge that would leave too many tags changes nothing', async () => {
  await create('full', [], { a: 1, b: 1, c: 1 });
  await create('other', [], { d: 1, e: 1, f: 1 });
  await expect(
    identity.users.merge(app, named('full'), { external_id: 'other' }, BY_KEY),
  ).rejects.toMatchObject({ code: 'tag-limit' });
  expect((await identity.users.view(app, named('other'))).properties.tags).toEqual({
    d: '1',
    e: '1',
    f: '1',
  });
});

test('an alias is taken from another user only with the explicit flag, and whoever is left without anything goes', async () => {
  const taker = await create('taker', []);
  const loser = await create('loser', []);
  await identity.users.addAliases(app, ofId(loser), { identity: { card: 'C-2' } }, BY_KEY);
  const wanted = { identity: { external_id: 'loser', card: 'C-2' } };
  await expect(identity.users.addAliases(app, ofId(taker), wanted, BY_KEY)).rejects.toMatchObject({
    code: 'user-2',
  });
  const taken = await identity.users.addAliases(app, ofId(taker), { ...wanted, take: true }, BY_KEY);
  expect(taken).toEqual({ onesignal_id: idOf(taker), external_id: 'loser', card: 'C-2' });
  await expect(identity.users.view(app, ofId(loser))).rejects.toThrow(/match an existing user/);
  await expect(identity.users.view(app, named('taker'))).rejects.toThrow(/match an existing user/);
});

test('taking more aliases than a user can have changes nothing', async () => {
  const user = await create('rich', []);
  await identity.users.addAliases(app, ofId(user), { identity: labels(0, 19) }, BY_KEY);
  await expect(
    identity.users.addAliases(app, ofId(user), { identity: labels(19, 2), take: true }, BY_KEY),
  ).rejects.toMatchObject({ code: 'alias-limit' });
  expect(Object.keys((await identity.users.view(app, ofId(user))).identity)).toHaveLength(21);
});

test('the history tells who changed what, without signs of life', async () => {
  const user = await create('watched', [email('watched')], { plan: 'free' });
  await identity.users.update(app, ofId(user), { deltas: { session_count: 1 } }, BY_SYSTEM);
  await identity.users.update(
    app,
    ofId(user),
    { properties: { tags: { plan: '' }, language: 'de' } },
    BY_KEY,
  );
  await identity.users.deleteAlias(app, ofId(user), 'external_id', BY_SYSTEM);
  await identity.subscriptions.update(app, user.subscriptions[0]?.id ?? '', { enabled: false }, BY_KEY);
  const rows = await testDatabase.database.rows(
    statement(
      'test.history',
      'select action, source, actor, changes from user_changes where user_id = $1 order by id',
    ),
    [idOf(user)],
  );
  expect(rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))).toEqual([
    { action: 'alias-deleted', source: 'system', actor: null, changes: { label: 'external_id' } },
    {
      action: 'created',
      source: 'api',
      actor: BY_KEY.keyId,
      changes: {
        identity: { external_id: 'watched' },
        tags: { plan: 'free' },
        subscriptions: [{ type: 'Email', token: 'watched@example.com' }],
      },
    },
    {
      action: 'subscription-updated',
      source: 'api',
      actor: BY_KEY.keyId,
      changes: { enabled: false, subscription_id: user.subscriptions[0]?.id },
    },
    {
      action: 'updated',
      source: 'api',
      actor: BY_KEY.keyId,
      changes: { tags: { plan: '' }, language: 'de' },
    },
  ]);
});

test('after all of that, everything still holds that must', async () => {
  expect(await brokenRules(testDatabase.database, app)).toEqual([]);
});

test('whoever follows the link in a mail is switched off, and the fact is kept with its way', async () => {
  const user = await create('link', [email('link')]);
  const id = user.subscriptions[0]?.id ?? '';
  expect(await identity.subscriptions.unsubscribe(app, id, 'unsubscribe link')).toBe(true);
  expect((await identity.users.view(app, ofId(user))).subscriptions).toMatchObject([{ id, enabled: false }]);
  expect(await identity.subscriptions.consents(app, id)).toMatchObject([
    { granted: false, source: 'unsubscribe link' },
  ]);
  expect(await identity.subscriptions.unsubscribe(app, newId(), 'unsubscribe link')).toBe(false);
  expect(await identity.subscriptions.unsubscribe(newId(), id, 'unsubscribe link')).toBe(false);
});
