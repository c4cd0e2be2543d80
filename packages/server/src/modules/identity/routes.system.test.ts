import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { appIdAsKey } from '../../platform/http/fixtures/app-id-as-key.ts';
import { createHttpServer } from '../../platform/http/server.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { newId } from '../../platform/ids.ts';
import { createLog } from '../../platform/log.ts';
import { Identity, identityRoutes } from './index.ts';
import { brokenRules } from './invariants-store.ts';

const app = newId();
const otherApp = newId();
let testDatabase: TestDatabase;
let server: HttpServer;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const clock = new FakeClock('2026-11-01T12:00:00Z');
  const identity = new Identity({ database: testDatabase.database, clock });
  server = await createHttpServer({
    routes: [identityRoutes(identity)],
    authenticator: appIdAsKey,
    log: createLog({ level: 'silent' }),
    clock,
  });
});
afterAll(async () => {
  await server.close();
  await testDatabase.drop();
});

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

async function call(
  method: Method,
  path: string,
  payload?: object,
  key: string | null = app,
): Promise<Answer> {
  const answer = await server.http.inject({
    method,
    url: path.startsWith('/') ? path : `/apps/${app}/${path}`,
    ...(payload !== undefined && { payload }),
    headers: key === null ? {} : { authorization: `Key ${key}` },
  });
  expect(answer.headers['content-type']).toContain('application/json');
  return { status: answer.statusCode, body: answer.json() };
}

const emails = (...tokens: string[]) => tokens.map((token) => ({ type: 'Email', token }));

describe('creating a user', () => {
  test('answers 201 with identity, properties and subscriptions in the order of the request', async () => {
    const { status, body } = await call('POST', 'users', {
      identity: { external_id: 'maria' },
      properties: { tags: { level: 3, vip: true }, timezone_id: 'Europe/Lisbon', country: 'PT', lat: 38.7 },
      subscriptions: [
        { type: 'SMS', token: '+351 910 000 000' },
        { type: 'ChromePush', token: '', enabled: false },
        ...emails('Maria@Example.com'),
      ],
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      identity: { onesignal_id: expect.any(String), external_id: 'maria' },
      properties: {
        tags: { level: '3', vip: 'true' },
        timezone_id: 'Europe/Lisbon',
        country: 'PT',
        lat: 38.7,
        first_active: 1_793_534_400,
        last_active: 1_793_534_400,
      },
      subscriptions: [
        expect.objectContaining({ type: 'SMS', token: '+351910000000', notification_types: 1, app_id: app }),
        expect.objectContaining({ type: 'ChromePush', token: '', enabled: false, notification_types: 0 }),
        expect.objectContaining({ type: 'Email', token: 'maria@example.com', enabled: true }),
      ],
    });
    const again = await call('POST', 'users', { identity: { external_id: 'maria' } });
    expect(again.status).toBe(202);
    expect(again.body.identity).toEqual(body.identity);
  });

  test('without alias and subscription is refused as user-3', async () => {
    expect(await call('POST', 'users', { identity: {}, properties: { language: 'en' } })).toEqual({
      status: 400,
      body: {
        errors: [{ code: 'user-3', title: 'Creating a User requires at least one Alias or Subscription' }],
      },
    });
  });

  test('with an alias of someone else is refused as user-2, in both forms of the meta', async () => {
    await call('POST', 'users', { identity: { external_id: 'holder', card: '77' } });
    expect(await call('POST', 'users', { identity: { external_id: 'taker', card: '77' } })).toEqual({
      status: 409,
      body: {
        errors: [
          {
            code: 'user-2',
            title: 'One or more Aliases claimed by another User',
            meta: { card: '77', conflicting_aliases: { card: '77' } },
          },
        ],
      },
    });
  });

  test('names an anonymous user in place when another alias leads to it and the external_id is new', async () => {
    const anonymous = await call('POST', 'users', {
      identity: { cookie: 'c-1' },
      properties: { tags: { a: '1' } },
    });
    const named = await call('POST', 'users', { identity: { cookie: 'c-1', external_id: 'promoted' } });
    expect(named.status).toBe(202);
    expect(named.body.identity.onesignal_id).toBe(anonymous.body.identity.onesignal_id);
    expect(named.body.properties.tags).toEqual({ a: '1' });
    const renamed = await call('POST', 'users', { identity: { cookie: 'c-1', external_id: 'someone else' } });
    expect(renamed.body.errors[0].code).toBe('user-2');
    const byId = { onesignal_id: anonymous.body.identity.onesignal_id, external_id: 'someone else' };
    expect((await call('POST', 'users', { identity: byId })).body.errors[0]).toMatchObject({
      code: 'user-2',
      meta: { external_id: 'someone else' },
    });
  });

  test.each([
    [
      'a blocked external_id',
      { identity: { external_id: 'NULL' } },
      /^identity\.external_id must not be "NULL"/,
    ],
    ['a bad email', { subscriptions: emails('nobody@') }, /^subscription\.token of type Email must be/],
    ['a bad phone number', { subscriptions: [{ type: 'SMS', token: '555' }] }, /E\.164/],
    [
      'an unknown type',
      { subscriptions: [{ type: 'Fax', token: '1' }] },
      /^subscription\.type must be one of/,
    ],
    [
      'a reserved tag',
      { identity: { x: '1' }, properties: { tags: { user: '1' } } },
      /^properties\.tags\.user is reserved/,
    ],
    ['a language', { identity: { x: '1' }, properties: { language: 'klingon' } }, /^properties\.language/],
    [
      'a time zone',
      { identity: { x: '1' }, properties: { timezone_id: 'Mars/Base' } },
      /^properties\.timezone_id/,
    ],
    ['a country', { identity: { x: '1' }, properties: { country: 'XX' } }, /^properties\.country/],
    ['a tag that is a list', { identity: { x: '1' }, properties: { tags: { a: [1] } } }, /tags\.a must be/],
  ])('names the field of %s', async (_, body, title) => {
    const answer = await call('POST', 'users', body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].title).toMatch(title);
  });

  test('takes a subscription over by its id alone; the anonymous user whose last thing it was is gone', async () => {
    const anonymous = await call('POST', 'users', {
      identity: {},
      properties: { tags: { seen: 'yes' } },
      subscriptions: [{ type: 'ChromePush', token: 'https://push.example/1', web_auth: 'a', web_p256: 'b' }],
    });
    const { id } = anonymous.body.subscriptions[0];
    const login = await call('POST', 'users', {
      identity: { external_id: 'device' },
      subscriptions: [{ id }],
    });
    expect(login.status).toBe(201);
    expect(login.body.subscriptions).toEqual([
      expect.objectContaining({ id, token: 'https://push.example/1', web_auth: 'a' }),
    ]);
    expect(login.body.properties.tags).toEqual({});
    const left = await call('GET', `users/by/onesignal_id/${anonymous.body.identity.onesignal_id}`);
    expect(left.status).toBe(404);
    const logout = await call('POST', 'users', { identity: {}, subscriptions: [{ id }] });
    expect(logout.status).toBe(201);
    expect(logout.body.identity.onesignal_id).not.toBe(login.body.identity.onesignal_id);
  });

  test('of an unknown subscription id is refused and writes nothing', async () => {
    const answer = await call('POST', 'users', {
      identity: { external_id: 'never' },
      subscriptions: [{ id: newId() }],
    });
    expect(answer).toMatchObject({ status: 404, body: { errors: [{ code: 'subscription-0' }] } });
    expect((await call('GET', 'users/by/external_id/never')).status).toBe(404);
  });
});

describe('a user', () => {
  test('is viewed by any alias, whose value is percent-encoded', async () => {
    await call('POST', 'users', { identity: { external_id: 'a/b c', 'crm id': 'ü' } });
    const byExternalId = await call('GET', 'users/by/external_id/a%2Fb%20c');
    expect(byExternalId.status).toBe(200);
    expect((await call('GET', 'users/by/crm%20id/%C3%BC')).body).toEqual(byExternalId.body);
    expect(await call('GET', 'users/by/external_id/nobody')).toEqual({
      status: 404,
      body: {
        errors: [
          {
            title: "Given alias `(external_id: nobody)` doesn't match an existing user",
          },
        ],
      },
    });
    expect(await call('GET', 'users/by/onesignal_id/123')).toEqual({
      status: 400,
      body: { errors: [{ code: 'request-1', title: 'Invalid UUID', meta: { onesignal_id: '123' } }] },
    });
  });

  test('merges properties on update, and "" removes a tag', async () => {
    await call('POST', 'users', {
      identity: { external_id: 'tagged' },
      properties: { tags: { a: '1', b: '2' } },
    });
    const update = { properties: { tags: { b: '', c: 3 }, language: 'de-AT' } };
    expect(await call('PATCH', 'users/by/external_id/tagged', update)).toEqual({
      status: 202,
      body: { properties: { tags: { b: '', c: '3' }, language: 'de' } },
    });
    const { properties } = (await call('GET', 'users/by/external_id/tagged')).body;
    expect(properties).toMatchObject({ tags: { a: '1', c: '3' }, language: 'de' });
    expect((await call('PATCH', 'users/by/external_id/nobody', update)).status).toBe(404);
  });

  test('takes many updates at once, each of them whole', async () => {
    await call('POST', 'users', { identity: { external_id: 'busy' } });
    await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        call('PATCH', 'users/by/external_id/busy', { properties: { tags: { [`t${n}`]: String(n) } } }),
      ),
    );
    const { tags } = (await call('GET', 'users/by/external_id/busy')).body.properties;
    expect(Object.keys(tags)).toHaveLength(50);
  });

  test('is deleted with its aliases and subscriptions, which can come back', async () => {
    const created = await call('POST', 'users', {
      identity: { external_id: 'leaver' },
      subscriptions: emails('leaver@example.com'),
    });
    const { onesignal_id } = created.body.identity;
    expect(await call('DELETE', 'users/by/external_id/leaver')).toEqual({
      status: 202,
      body: { identity: { onesignal_id }, erasure_id: expect.any(String) },
    });
    expect((await call('DELETE', 'users/by/external_id/leaver')).status).toBe(404);
    expect((await call('GET', `users/by/onesignal_id/${onesignal_id}`)).status).toBe(404);
    const back = await call('POST', 'users', {
      identity: { external_id: 'leaver' },
      subscriptions: emails('leaver@example.com'),
    });
    expect(back.status).toBe(201);
    expect(back.body.subscriptions[0].id).not.toBe(created.body.subscriptions[0].id);
  });

  test('is deleted while others write to it without leaving anything behind', async () => {
    for (let round = 0; round < 10; round += 1) {
      const body = { identity: { external_id: 'flicker' }, subscriptions: emails('flicker@example.com') };
      const answers = await Promise.all([
        ...Array.from({ length: 5 }, () => call('POST', 'users', body)),
        call('DELETE', 'users/by/external_id/flicker'),
        call('POST', 'users', {
          identity: { external_id: 'rival' },
          subscriptions: emails('flicker@example.com'),
        }),
        call('PATCH', 'users/by/external_id/flicker/identity', { identity: { nick: 'f' } }),
      ]);
      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
      expect(await brokenRules(testDatabase.database, app)).toEqual([]);
    }
  });
});

describe('aliases', () => {
  test('are added, changed and removed, and external_id with them', async () => {
    await call('POST', 'users', { identity: { external_id: 'old name', crm: '1' } });
    const path = 'users/by/external_id/old%20name/identity';
    const { body } = await call('GET', path);
    expect(await call('PATCH', path, { identity: { external_id: 'new name', crm: 2 } })).toEqual({
      status: 200,
      body: { identity: { ...body.identity, external_id: 'new name', crm: '2' } },
    });
    expect((await call('GET', 'users/by/external_id/old%20name')).status).toBe(404);
    expect((await call('GET', 'users/by/crm/1')).status).toBe(404);
    const left = await call('DELETE', 'users/by/external_id/new%20name/identity/crm');
    expect(left.body).toEqual({ identity: { ...body.identity, external_id: 'new name', crm: undefined } });
    expect((await call('DELETE', 'users/by/external_id/new%20name/identity/crm')).body.errors[0].code).toBe(
      'alias-not-found',
    );
    await call('PATCH', 'users/by/external_id/new%20name/identity', { identity: { keep: '1' } });
    await call('DELETE', 'users/by/external_id/new%20name/identity/external_id');
    expect((await call('GET', 'users/by/keep/1/identity')).body.identity).toEqual({
      onesignal_id: body.identity.onesignal_id,
      keep: '1',
    });
  });

  test('of someone else are refused as user-2', async () => {
    await call('POST', 'users', { identity: { external_id: 'first' } });
    await call('POST', 'users', { identity: { external_id: 'second' } });
    const answer = await call('PATCH', 'users/by/external_id/second/identity', {
      identity: { external_id: 'first', fresh: 'x' },
    });
    expect(answer).toMatchObject({
      status: 409,
      body: { errors: [{ code: 'user-2', meta: { external_id: 'first' } }] },
    });
    expect((await call('GET', 'users/by/fresh/x')).status).toBe(404);
  });

  test('are at most 20 besides external_id', async () => {
    const twenty = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`label${n}`, 'many']));
    await call('POST', 'users', { identity: { external_id: 'many', ...twenty } });
    const replaced = await call('PATCH', 'users/by/external_id/many/identity', {
      identity: { label0: 'other' },
    });
    expect(replaced.status).toBe(200);
    const more = await call('PATCH', 'users/by/external_id/many/identity', { identity: { label20: 'many' } });
    expect(more).toMatchObject({ status: 400, body: { errors: [{ code: 'alias-limit' }] } });
  });
});

describe('a subscription', () => {
  test('is created for a user, and moves to another who asks for the same token', async () => {
    await call('POST', 'users', { identity: { external_id: 'has' } });
    await call('POST', 'users', { identity: { external_id: 'wants' } });
    const subscription = { type: 'Email', token: 'shared@example.com' };
    const created = await call('POST', 'users/by/external_id/has/subscriptions', { subscription });
    expect(created).toMatchObject({ status: 201, body: { subscription } });
    const moved = await call('POST', 'users/by/external_id/wants/subscriptions', { subscription });
    expect(moved).toMatchObject({
      status: 202,
      body: { subscription: { id: created.body.subscription.id } },
    });
    expect((await call('GET', 'users/by/external_id/has')).body.subscriptions).toEqual([]);
    const unknown = await call('POST', 'users/by/external_id/nobody/subscriptions', { subscription });
    expect(unknown).toMatchObject({ status: 404, body: { errors: [{ code: 'subscription-0' }] } });
  });

  test('switched off here gets the reason -31, keeps an earlier reason, and comes back when switched on', async () => {
    const { body } = await call('POST', 'users', {
      identity: { external_id: 'switch' },
      subscriptions: emails('switch@example.com'),
    });
    const path = `subscriptions/${body.subscriptions[0].id}`;
    const change = async (subscription: object) =>
      (await call('PATCH', path, { subscription })).body.subscription;
    expect(await change({ enabled: false })).toMatchObject({ enabled: false, notification_types: -31 });
    expect(await change({ enabled: true })).toMatchObject({ enabled: true, notification_types: 1 });
    expect(await change({ notification_types: -2 })).toMatchObject({
      enabled: false,
      notification_types: -2,
    });
    expect(await change({ enabled: false })).toMatchObject({ enabled: false, notification_types: -2 });
    // A sync that says nothing about consent leaves it alone.
    const sync = await call('POST', 'users', {
      identity: { external_id: 'switch' },
      subscriptions: emails('switch@example.com'),
    });
    expect(sync.body.subscriptions[0]).toMatchObject({ enabled: false, notification_types: -2 });
    expect(await change({ enabled: true, notification_types: 1 })).toMatchObject({ enabled: true });
  });

  test('gets another token unless someone has it, and is then found by that one', async () => {
    const { body } = await call('POST', 'users', {
      identity: { external_id: 'mover' },
      subscriptions: emails('old@example.com', 'taken@example.com'),
    });
    const path = `subscriptions/${body.subscriptions[0].id}`;
    const taken = await call('PATCH', path, { subscription: { type: 'Email', token: 'Taken@example.com' } });
    expect(taken).toMatchObject({ status: 409, body: { errors: [{ code: 'subscription-token-taken' }] } });
    const changed = await call('PATCH', path, { subscription: { type: 'Email', token: 'new@example.com' } });
    expect(changed).toMatchObject({ status: 200, body: { subscription: { token: 'new@example.com' } } });
    const byToken = await call('PATCH', 'subscriptions_by_token/Email/new%40example.com', {
      subscription: { enabled: false },
    });
    expect(byToken).toMatchObject({ status: 202, body: { subscription: { enabled: false } } });
    const old = await call('PATCH', 'subscriptions_by_token/Email/old%40example.com', {
      subscription: { enabled: false },
    });
    expect(old).toMatchObject({ status: 404, body: { errors: [{ code: 'subscription-0' }] } });
  });

  test('that had no token yet is found by the one it gets', async () => {
    const { body } = await call('POST', 'users', {
      identity: { external_id: 'late' },
      subscriptions: [{ type: 'FirefoxPush', token: '' }],
    });
    const subscription = { type: 'FirefoxPush', token: 'https://push.example/late', enabled: true };
    const changed = await call('PATCH', `subscriptions/${body.subscriptions[0].id}`, { subscription });
    expect(changed.body.subscription).toMatchObject({ ...subscription, notification_types: 1 });
    const again = await call('POST', 'users/by/external_id/late/subscriptions', { subscription });
    expect(again).toMatchObject({ status: 202, body: { subscription: { id: body.subscriptions[0].id } } });
  });

  test('is transferred to exactly one user, again and again to the same', async () => {
    const { body } = await call('POST', 'users', {
      identity: { external_id: 'giver' },
      subscriptions: emails('gift@example.com'),
    });
    const { id } = body.subscriptions[0];
    const receiver = await call('POST', 'users', { identity: { external_id: 'receiver' } });
    for (let round = 0; round < 2; round += 1) {
      expect(
        await call('PATCH', `subscriptions/${id}/owner`, { identity: { external_id: 'receiver' } }),
      ).toEqual({
        status: 200,
        body: { identity: receiver.body.identity },
      });
    }
    expect((await call('GET', `subscriptions/${id}/user/identity`)).body).toEqual({
      identity: receiver.body.identity,
    });
    const two = { identity: { external_id: 'receiver', crm: '1' } };
    expect((await call('PATCH', `subscriptions/${id}/owner`, two)).status).toBe(400);
    const nobody = { identity: { external_id: 'nobody' } };
    expect((await call('PATCH', `subscriptions/${id}/owner`, nobody)).status).toBe(404);
    const named = await call('PATCH', `subscriptions/${id}/user/identity`, { identity: { via: 'sub' } });
    expect(named.body.identity).toEqual({ ...receiver.body.identity, via: 'sub' });
  });

  test('may have the longest token that is accepted', async () => {
    const token = Array.from({ length: 512 }, newId).join('').slice(0, 2048);
    const { status, body } = await call('POST', 'users', {
      identity: { external_id: 'ü'.repeat(128) },
      subscriptions: [{ type: 'AndroidPush', token }],
    });
    expect(status).toBe(201);
    expect(body.subscriptions[0].token).toBe(token);
  });

  test('is deleted, and its token may come back under a new id', async () => {
    const subscriptions = emails('gone@example.com');
    const { body } = await call('POST', 'users', { identity: { external_id: 'deleter' }, subscriptions });
    const path = `subscriptions/${body.subscriptions[0].id}`;
    expect(await call('DELETE', path)).toEqual({ status: 202, body: {} });
    expect((await call('DELETE', path)).status).toBe(404);
    expect((await call('PATCH', path, { subscription: { enabled: false } })).status).toBe(404);
    const back = await call('POST', 'users', { identity: { external_id: 'deleter' }, subscriptions });
    expect(back.body.subscriptions[0].id).not.toBe(body.subscriptions[0].id);
  });
});

describe('callers', () => {
  test('without a key reach users only by an id that cannot be guessed', async () => {
    const { body } = await call('POST', 'users', { identity: { external_id: 'shy' } }, null);
    const id = body.identity.onesignal_id;
    expect((await call('GET', `users/by/onesignal_id/${id}`, undefined, null)).status).toBe(200);
    expect((await call('GET', 'users/by/external_id/shy', undefined, null)).body.errors[0].code).toBe(
      'auth-1',
    );
    expect((await call('DELETE', `users/by/onesignal_id/${id}`, undefined, null)).status).toBe(401);
  });

  test('of another app see and change nothing, by whatever name', async () => {
    const { body } = await call('POST', 'users', {
      identity: { external_id: 'private', crm: 'p' },
      subscriptions: emails('private@example.com'),
    });
    const user = body.identity.onesignal_id;
    const subscription = body.subscriptions[0].id;
    const base = `/apps/${otherApp}`;
    const attempts: [Method, string, object?][] = [
      ['GET', `${base}/users/by/external_id/private`],
      ['GET', `${base}/users/by/onesignal_id/${user}`],
      ['PATCH', `${base}/users/by/onesignal_id/${user}`, { properties: { tags: { stolen: '1' } } }],
      ['DELETE', `${base}/users/by/onesignal_id/${user}`],
      ['DELETE', `${base}/users/by/external_id/private`],
      ['GET', `${base}/users/by/crm/p/identity`],
      ['PATCH', `${base}/users/by/onesignal_id/${user}/identity`, { identity: { mine: '1' } }],
      ['DELETE', `${base}/users/by/onesignal_id/${user}/identity/crm`],
      [
        'POST',
        `${base}/users/by/onesignal_id/${user}/subscriptions`,
        { subscription: emails('x@example.com')[0] },
      ],
      [
        'POST',
        `${base}/users`,
        { identity: { external_id: 'thief' }, subscriptions: [{ id: subscription }] },
      ],
      ['POST', `${base}/users`, { identity: { onesignal_id: user } }],
      ['PATCH', `${base}/subscriptions/${subscription}`, { subscription: { enabled: false } }],
      [
        'PATCH',
        `${base}/subscriptions_by_token/Email/private%40example.com`,
        { subscription: { enabled: false } },
      ],
      ['DELETE', `${base}/subscriptions/${subscription}`],
      ['GET', `${base}/subscriptions/${subscription}/user/identity`],
      ['PATCH', `${base}/subscriptions/${subscription}/owner`, { identity: { onesignal_id: user } }],
    ];
    for (const [method, path, payload] of attempts) {
      expect([method, path, (await call(method, path, payload, otherApp)).status]).toEqual([
        method,
        path,
        404,
      ]);
    }
    // The same names and the same address are free there.
    const twin = await call(
      'POST',
      `${base}/users`,
      { identity: { external_id: 'private', crm: 'p' }, subscriptions: emails('private@example.com') },
      otherApp,
    );
    expect(twin.status).toBe(201);
    expect((await call('GET', 'users/by/external_id/private')).body).toEqual(body);
    expect(await brokenRules(testDatabase.database, otherApp)).toEqual([]);
  });

  test('may use the prefix /api/v1', async () => {
    await call('POST', 'users', { identity: { external_id: 'prefix' } });
    expect((await call('GET', `/api/v1/apps/${app}/users/by/external_id/prefix`)).status).toBe(200);
  });
});

describe('our extensions', () => {
  test('merge makes one user of two, with a key only', async () => {
    await call('POST', 'users', { identity: { external_id: 'stays' }, properties: { tags: { a: 1 } } });
    await call('POST', 'users', {
      identity: { external_id: 'goes' },
      subscriptions: emails('goes@example.com'),
    });
    const merge = (key: string | null) =>
      call('POST', 'users/by/external_id/stays/merge', { from: { external_id: 'goes' } }, key);
    expect((await merge(null)).status).toBe(401);
    expect(await merge(app)).toMatchObject({
      status: 200,
      body: {
        identity: { external_id: 'stays' },
        properties: { tags: { a: '1' } },
        subscriptions: [{ token: 'goes@example.com' }],
        dropped_aliases: { external_id: 'goes' },
      },
    });
    const again = await merge(app);
    expect(again.status).toBe(404);
    expect(again.body.errors[0].title).toMatch(/external_id: goes/);
  });

  test('an alias is taken from another user with a key only, also by way of a subscription', async () => {
    const owner = await call('POST', 'users', { identity: { external_id: 'owner', seat: '12A' } });
    const other = await call('POST', 'users', { subscriptions: emails('seat@example.com') });
    const path = `subscriptions/${other.body.subscriptions[0].id}/user/identity`;
    const body = { identity: { seat: '12A' }, take: true };
    expect((await call('PATCH', path, body, null)).status).toBe(401);
    expect((await call('PATCH', path, { ...body, take: false })).status).toBe(409);
    const taken = await call('PATCH', path, body);
    expect(taken.body.identity).toEqual({ onesignal_id: other.body.identity.onesignal_id, seat: '12A' });
    const left = await call('GET', `users/by/onesignal_id/${owner.body.identity.onesignal_id}/identity`);
    expect(left.body.identity).not.toHaveProperty('seat');
  });

  test('consent is recorded and listed, and names the field that is wrong', async () => {
    const created = await call('POST', 'users', { subscriptions: emails('says@example.com') });
    const path = `subscriptions/${created.body.subscriptions[0].id}/consents`;
    const fact = { granted: false, at: '2026-10-01T08:00:00+02:00', source: 'phone', text: 'Stop writing' };
    expect((await call('POST', path, fact)).body.subscription.enabled).toBe(false);
    expect((await call('GET', path)).body).toEqual({
      consents: [{ ...fact, at: '2026-10-01T06:00:00.000Z', recorded_at: '2026-11-01T12:00:00.000Z' }],
    });
    for (const [wrong, title] of [
      [{ ...fact, at: 'yesterday' }, /^at must be an ISO 8601 time/],
      [{ ...fact, source: '' }, /^source /],
      [{ at: fact.at, source: 'x' }, /^granted /],
    ] as const) {
      const answer = await call('POST', path, wrong);
      expect(answer.status).toBe(400);
      expect(answer.body.errors[0].title).toMatch(title);
    }
  });
});

test('after all of this the rows of the app agree with one another', async () => {
  expect(await brokenRules(testDatabase.database, app)).toEqual([]);
});
