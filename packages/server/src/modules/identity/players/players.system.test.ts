import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import type { Authenticator } from '../../../platform/http/route.ts';
import { createHttpServer } from '../../../platform/http/server.ts';
import type { HttpServer } from '../../../platform/http/server.ts';
import { newId } from '../../../platform/ids.ts';
import { createLog } from '../../../platform/log.ts';
import { Identity, identityRoutes } from '../index.ts';
import { brokenRules } from '../invariants-store.ts';

const app = newId();
const otherApp = newId();
const clock = new FakeClock('2026-11-01T12:00:00Z');
let testDatabase: TestDatabase;
let server: HttpServer;

/** `Basic <app id>` opens that app; no header is a device. */
const authenticator: Authenticator = {
  async authenticate({ authorization, access, appId }) {
    const keyOf = /^Basic (.+)$/.exec(authorization ?? '')?.[1];
    if (keyOf !== undefined && (appId === undefined || appId === keyOf)) {
      return { kind: 'app-key', keyId: newId(), appId: keyOf, organizationId: newId() };
    }
    return access === 'public' && authorization === undefined ? { kind: 'anonymous' } : 'denied';
  },
};

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const identity = new Identity({ database: testDatabase.database, clock });
  server = await createHttpServer({
    routes: [identityRoutes(identity)],
    authenticator,
    log: createLog({ level: 'silent' }),
    clock,
  });
});
afterAll(async () => {
  await server.close();
  await testDatabase.drop();
});

interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

async function call(
  method: Method,
  path: string,
  payload?: object,
  key: string | null = null,
): Promise<Answer> {
  const answer = await server.http.inject({
    method,
    url: path,
    ...(payload !== undefined && { payload }),
    headers: key === null ? {} : { authorization: `Basic ${key}` },
  });
  expect(answer.headers['content-type']).toContain('application/json');
  return { status: answer.statusCode, body: answer.json() };
}

async function newPlayer(body: object): Promise<string> {
  const answer = await call('POST', '/players', { app_id: app, ...body });
  expect(answer).toEqual({ status: 200, body: { success: true, id: expect.any(String) } });
  return answer.body.id;
}

const view = async (id: string) => (await call('GET', `/players/${id}?app_id=${app}`)).body;
const userOf = async (id: string) =>
  (await call('GET', `/apps/${app}/subscriptions/${id}/user/identity`)).body.identity;
const SUCCESS = { status: 200, body: { success: true } };

describe('adding a player', () => {
  test('makes a subscription of an anonymous user, which is shown with everything that was said', async () => {
    const id = await newPlayer({
      device_type: 1,
      identifier: 'fcm-1',
      language: 'pt',
      timezone: '-10800',
      game_version: '1.4',
      device_model: 'Pixel 9',
      device_os: '16',
      sdk: '040801',
      tags: { level: 3, foo: 'bar' },
      country: 'BR',
      lat: '-23.5',
      long: -46.6,
      ad_id: 'not kept',
      a_key_nobody_knows: { at: 'all' },
    });
    expect(await view(id)).toEqual({
      id,
      identifier: 'fcm-1',
      session_count: 1,
      language: 'pt',
      timezone: -10_800,
      timezone_id: 'Etc/GMT+3',
      game_version: '1.4',
      device_os: '16',
      device_type: 1,
      device_model: 'Pixel 9',
      ad_id: null,
      tags: { level: '3', foo: 'bar' },
      last_active: 1_793_534_400,
      playtime: 0,
      amount_spent: 0,
      created_at: 1_793_534_400,
      invalid_identifier: false,
      notification_types: 1,
      badge_count: 0,
      sdk: '040801',
      test_type: null,
      ip: null,
      external_user_id: null,
      country: 'BR',
      lat: -23.5,
      long: -46.6,
    });
    expect(Object.keys(await userOf(id))).toEqual(['onesignal_id']);
  });

  test('with an identifier that is there changes that player, and leaves it with its user', async () => {
    const id = await newPlayer({ device_type: 11, identifier: 'ines@example.com', external_user_id: 'ines' });
    const again = await newPlayer({ device_type: 11, identifier: ' Ines@Example.com', tags: { b: '2' } });
    expect(again).toBe(id);
    expect(await view(id)).toMatchObject({
      identifier: 'ines@example.com',
      device_type: 11,
      external_user_id: 'ines',
      tags: { b: '2' },
      session_count: 1,
    });
  });

  test('puts players with one external_user_id under one user', async () => {
    const first = await newPlayer({
      device_type: 14,
      identifier: '+351910000001',
      external_user_id: 'rui',
    });
    const second = await newPlayer({ device_type: 5, identifier: 'https://push.example.com/rui' });
    expect(
      await call('PUT', `/players/${second}`, { app_id: app, external_user_id: 'rui', tags: { a: '1' } }),
    ).toEqual(SUCCESS);
    expect(await userOf(second)).toEqual(await userOf(first));
    expect(await view(first)).toMatchObject({ tags: { a: '1' }, external_user_id: 'rui' });
  });

  test('is no downgrade when a web worker only looks its player up', async () => {
    const endpoint = 'https://push.example.com/lookup';
    const id = await newPlayer({ device_type: 8, identifier: endpoint, notification_types: 1 });
    const lookup = { device_type: 8, identifier: endpoint, notification_types: -20 };
    expect(await newPlayer(lookup)).toBe(id);
    expect(await view(id)).toMatchObject({ notification_types: 1, invalid_identifier: false });
    const unknown = await newPlayer({ ...lookup, identifier: `${endpoint}-unknown` });
    expect(await view(unknown)).toMatchObject({ notification_types: -20, invalid_identifier: true });
  });

  test('from many connections at once makes one player', async () => {
    const body = { device_type: 1, identifier: 'fcm-at-once', tags: { a: '1' } };
    const ids = await Promise.all(Array.from({ length: 20 }, () => newPlayer(body)));
    const [id = '', ...others] = new Set(ids);
    expect(others).toEqual([]);
    expect(await view(id)).toMatchObject({ tags: { a: '1' }, external_user_id: null });
  });

  test.each([
    ['no device_type', {}, 'Device type (missing) is not a valid device_type. Valid options are: 0 = iOS, '],
    ['a platform that is no more', { device_type: 10 }, 'Device type 10 is not a valid device_type.'],
    [
      'an address that is none',
      { device_type: 11, identifier: 'nobody' },
      'identifier of type Email must be an email address',
    ],
    ['an unknown language', { device_type: 1, language: 'xx' }, 'language must be an ISO 639-1 code'],
    ['a list as a tag', { device_type: 1, tags: { a: [] } }, 'tags.a must be a string'],
    [
      'a blocked external_user_id',
      { device_type: 1, external_user_id: '-1' },
      'external_user_id must not be',
    ],
    ['no number', { device_type: 1, session_count: 'often' }, 'session_count must'],
  ])('with %s is refused in the words of the request', async (_, body, sentence) => {
    const answer = await call('POST', '/players', { app_id: app, ...body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0]).toContain(sentence);
  });

  test('takes at most 100 tags a request, and an empty list of PHP for none', async () => {
    const tags = Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`t${n}`, 'x']));
    expect(await call('POST', '/players', { app_id: app, device_type: 1, tags })).toEqual({
      status: 400,
      body: { errors: ['Please limit your tag updates to 100 per request'] },
    });
    expect(await view(await newPlayer({ device_type: 1, tags: [] }))).toMatchObject({ tags: {} });
  });
});

describe('changing a player', () => {
  test('merges tags, removes those set to "" or null, and leaves what it does not name', async () => {
    const id = await newPlayer({
      device_type: 0,
      identifier: 'ab'.repeat(32),
      tags: { a: '1', b: '2', c: '3' },
      device_model: 'iPhone12,1',
      timezone_id: 'Europe/Lisbon',
    });
    const change = { app_id: app, tags: { a: '', b: null, d: 4 }, timezone: 0, game_version: '2' };
    expect(await call('PUT', `/players/${id}`, change)).toEqual(SUCCESS);
    expect(await view(id)).toMatchObject({
      tags: { c: '3', d: '4' },
      device_model: 'iPhone12,1',
      game_version: '2',
      // It has this offset today, and knows more than an offset.
      timezone_id: 'Europe/Lisbon',
    });
  });

  test('gives a device its new token, and refuses one that another player has', async () => {
    const id = await newPlayer({ device_type: 1, identifier: 'fcm-old' });
    await newPlayer({ device_type: 1, identifier: 'fcm-taken' });
    expect(await call('PUT', `/players/${id}`, { app_id: app, identifier: 'fcm-new' })).toEqual(SUCCESS);
    expect(await view(id)).toMatchObject({ identifier: 'fcm-new' });
    const taken = await call('PUT', `/players/${id}`, { app_id: app, identifier: 'fcm-taken' });
    expect(taken.status).toBe(409);
  });

  test('unsubscribes with -2 and subscribes with 1', async () => {
    const id = await newPlayer({ device_type: 1, identifier: 'fcm-opt' });
    await call('PUT', `/players/${id}`, { app_id: app, notification_types: -2 });
    expect(await view(id)).toMatchObject({ invalid_identifier: true, notification_types: -2 });
    await call('PUT', `/players/${id}`, { app_id: app, notification_types: 1 });
    expect(await view(id)).toMatchObject({ invalid_identifier: false, notification_types: 1 });
  });

  test('names an anonymous user in place, moves to a known one, and leaves with ""', async () => {
    const id = await newPlayer({ device_type: 1, identifier: 'fcm-login', tags: { kept: 'yes' } });
    const anonymous = await userOf(id);
    await call('PUT', `/players/${id}`, { app_id: app, external_user_id: 'new name' });
    expect(await userOf(id)).toEqual({ ...anonymous, external_id: 'new name' });
    expect(await view(id)).toMatchObject({ tags: { kept: 'yes' } });

    await newPlayer({ device_type: 11, identifier: 'known@example.com', external_user_id: 'known' });
    await call('PUT', `/players/${id}`, { app_id: app, external_user_id: 'known' });
    expect(await view(id)).toMatchObject({ external_user_id: 'known', tags: {} });

    // What a client has read and sends back changes nothing.
    await call('PUT', `/players/${id}`, { app_id: app, external_user_id: null });
    expect(await view(id)).toMatchObject({ external_user_id: 'known' });

    await call('PUT', `/players/${id}`, { app_id: app, external_user_id: '' });
    expect(await view(id)).toMatchObject({ external_user_id: null });
    expect((await userOf(id)).onesignal_id).not.toBe(anonymous.onesignal_id);
  });

  test('keeps its platform', async () => {
    const id = await newPlayer({ device_type: 1, identifier: 'fcm-platform' });
    expect(await call('PUT', `/players/${id}`, { app_id: app, device_type: 1 })).toEqual(SUCCESS);
    expect(await call('PUT', `/players/${id}`, { app_id: app, device_type: 0 })).toEqual({
      status: 400,
      body: { errors: ['device_type is 1 and cannot be changed: create another player'] },
    });
  });

  test('by external_user_id changes tags, and says when nobody has it', async () => {
    const id = await newPlayer({ device_type: 1, identifier: 'fcm-tags', external_user_id: 'a/b c' });
    const path = `/apps/${app}/users/${encodeURIComponent('a/b c')}`;
    expect(await call('PUT', path, { tags: { a: '1', foo: '' } })).toEqual(SUCCESS);
    expect(await view(id)).toMatchObject({ tags: { a: '1' } });
    expect(await call('PUT', `/apps/${app}/users/nobody`, { tags: { a: '1' } })).toEqual({
      status: 400,
      body: { errors: ['No user with this id found'] },
    });
    expect((await call('PUT', path, {})).body.errors).toEqual(['tags is required']);
  });
});

describe('what a player does', () => {
  test('a session is counted with what has changed; without a body, and without an app where there is a key', async () => {
    const id = await newPlayer({ device_type: 1, identifier: 'fcm-session' });
    await clock.advance(60_000);
    const body = { app_id: app, language: 'es', external_user_id: 'in session' };
    expect(await call('POST', `/players/${id}/on_session`, body)).toEqual(SUCCESS);
    expect(await view(id)).toMatchObject({
      session_count: 2,
      language: 'es',
      external_user_id: 'in session',
      last_active: clock.now() / 1000,
    });
    expect(await call('POST', `/players/${id}/on_session`, undefined, app)).toEqual(SUCCESS);
    expect(await view(id)).toMatchObject({ session_count: 3 });
    expect((await call('POST', `/players/${id}/on_session`)).status).toBe(400);
    // Of the user, who has that many of this player's sessions.
    const user = await call('GET', `/apps/${app}/users/by/external_id/in%20session`, undefined, app);
    expect(user.body.properties).toMatchObject({ session_count: 2 });
  });

  test('a session of an unknown id makes a player when it says which platform, else it is told to', async () => {
    const body = { app_id: app, device_type: 1, identifier: 'fcm-new-by-session' };
    const made = await call('POST', `/players/${newId()}/on_session`, body);
    expect(made).toEqual({ status: 200, body: { success: true, id: expect.any(String) } });
    expect(await view(made.body.id)).toMatchObject({ identifier: 'fcm-new-by-session', session_count: 1 });
    const refused = await call('POST', `/players/${newId()}/on_session`, { app_id: app });
    expect(refused.status).toBe(400);
    expect(refused.body.errors[0]).toMatch(/^No user with this id found\..* is not a valid device_type/);
  });

  test('a session whose tags are refused is not counted', async () => {
    const id = await newPlayer({ device_type: 1, identifier: 'fcm-refused' });
    const body = { app_id: app, tags: { user: 'reserved' } };
    expect((await call('POST', `/players/${id}/on_session`, body)).status).toBe(400);
    expect(await view(id)).toMatchObject({ session_count: 1 });
  });

  test('purchases and the time of sessions add up', async () => {
    const id = await newPlayer({ device_type: 1, identifier: 'fcm-spends', external_user_id: 'spender' });
    const buy = (purchase: object) =>
      call('POST', `/players/${id}/on_purchase`, { app_id: app, purchases: [purchase] });
    expect(await buy({ sku: 'a', iso: 'USD', amount: 0.99 })).toEqual(SUCCESS);
    expect(await buy({ sku: 'b', iso: 'USD', amount: '2.00', count: 2 })).toEqual(SUCCESS);
    const focus = (body: object) => call('POST', `/players/${id}/on_focus`, { app_id: app, ...body });
    expect(await focus({ state: 'ping', active_time: 60 })).toEqual(SUCCESS);
    expect(await focus({ state: 'ping', active_time: '12.4' })).toEqual(SUCCESS);
    // iOS tells only that its badge is cleared.
    expect(await focus({ badgeCount: 0 })).toEqual(SUCCESS);
    expect(await view(id)).toMatchObject({ amount_spent: 4.99, playtime: 72, session_count: 1 });
    expect((await buy({ sku: 'c', amount: 'much' })).body.errors[0]).toMatch(/^purchases\[0\]\.amount must/);
    expect((await focus({ active_time: -1 })).body.errors[0]).toMatch(/^active_time must/);
  });

  test('the history says that it came by the legacy routes, and with which key', async () => {
    const id = await newPlayer({ device_type: 1, identifier: 'fcm-history', tags: { a: '1' } });
    await clock.advance(1_000);
    await call('PUT', `/players/${id}`, { tags: { a: '2' } }, app);
    const { onesignal_id: userId } = await userOf(id);
    const rows = await testDatabase.database.rows<{ source: string; keyed: boolean }>(
      {
        name: 'test.player-history',
        text: 'select source, actor is not null as keyed from user_changes where user_id = $1 order by id',
      },
      [userId],
    );
    expect(rows).toEqual([
      { source: 'players', keyed: false },
      { source: 'players', keyed: true },
    ]);
  });
});

describe('who may call', () => {
  test('an unknown id, one of another app and what is no id are told alike', async () => {
    const id = await newPlayer({ device_type: 1, identifier: 'fcm-mine' });
    const unknown = { status: 400, body: { errors: ['No user with this id found'] } };
    expect(await call('GET', `/players/${id}?app_id=${otherApp}`)).toEqual(unknown);
    expect(await call('GET', `/players/${newId()}?app_id=${app}`)).toEqual(unknown);
    expect(await call('GET', `/players/a?app_id=${app}`)).toEqual(unknown);
    const change = { app_id: otherApp, tags: { a: '1' } };
    expect(await call('PUT', `/players/${id}`, change)).toEqual(unknown);
    expect(await call('DELETE', `/players/${id}?app_id=${otherApp}`, undefined, otherApp)).toEqual({
      status: 404,
      body: { errors: ['No user with this id found'], success: false },
    });
  });

  test('a key names its app where the request does not; without either there is none', async () => {
    const id = await newPlayer({ device_type: 1, identifier: 'fcm-key' });
    expect(await call('PUT', `/players/${id}`, { tags: { a: '1' } }, app)).toEqual(SUCCESS);
    const without = await call('PUT', `/players/${id}`, { tags: { a: '1' } });
    expect(without.status).toBe(400);
    expect(without.body.errors[0]).toMatch(/^app_id not found/);
  });

  test('deleting and listing take a key', async () => {
    const id = await newPlayer({ device_type: 1, identifier: 'fcm-delete' });
    expect((await call('DELETE', `/players/${id}?app_id=${app}`)).status).toBe(403);
    expect((await call('GET', `/players?app_id=${app}`)).status).toBe(403);
    expect(await call('DELETE', `/players/${id}?app_id=${app}`, undefined, app)).toEqual(SUCCESS);
    expect((await call('DELETE', `/players/${id}?app_id=${app}`, undefined, app)).status).toBe(404);
  });
});

test('the list goes through all players page by page, the oldest first', async () => {
  const small = newId();
  const ids: string[] = [];
  for (const identifier of ['one', 'two', 'three']) {
    await clock.advance(1_000);
    const body = { app_id: small, device_type: 1, identifier };
    ids.push((await call('POST', '/players', body)).body.id);
  }
  const page = async (query: string) =>
    (await call('GET', `/players?app_id=${small}${query}`, undefined, small)).body;
  expect(await page('&limit=2&offset=0')).toMatchObject({
    total_count: 3,
    offset: 0,
    limit: 2,
    players: [{ id: ids[0] }, { id: ids[1] }],
  });
  expect(await page('&limit=2&offset=2')).toMatchObject({ players: [{ id: ids[2] }] });
  // More than 300 is 300, as it always was.
  expect(await page('&limit=1000')).toMatchObject({ limit: 300, total_count: 3 });
  expect(await page('&offset=3')).toMatchObject({ players: [] });
});

test('the invariants hold after all of this', async () => {
  expect(await brokenRules(testDatabase.database, app)).toEqual([]);
});
