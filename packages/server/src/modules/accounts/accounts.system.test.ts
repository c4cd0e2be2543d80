import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { bootstrap, createApp } from './index.ts';
import { startStage } from './fixtures/stage.ts';
import type { Method, Stage } from './fixtures/stage.ts';

const UNKNOWN = '99999999-9999-4999-8999-999999999999';
const DENIED = {
  errors: [
    "Access denied.  Please include an 'Authorization: ...' header with a valid API key (https://documentation.onesignal.com/docs/en/keys-and-ids#api-keys).",
  ],
};
const NOT_PERMITTED = { errors: ['Current organization permissions do not allow this action.'] };

const clock = new FakeClock('2026-11-01T12:00:00.500Z');
let db: TestDatabase;
let first: Stage['first'];
let sibling: Stage['sibling'];
let stranger: Stage['stranger'];
let server: Stage['server'];
let call: Stage['call'];

beforeAll(async () => {
  db = await createTestDatabase();
  ({ first, sibling, stranger, call, server } = await startStage({ database: db.database, clock }));
});

afterAll(async () => {
  await server.close();
  await db.drop();
});

function create(body: object) {
  return call('POST', `/apps/${sibling.appId}/auth/tokens`, first.organizationKey, body);
}

function whoami(key: string, address?: string) {
  return call('GET', `/apps/${sibling.appId}/whoami`, key, undefined, address);
}

describe('the first start', () => {
  test('makes an organization, an app and a key for each', async () => {
    expect(first.organizationKey).toMatch(/^os_v2_org_[a-z2-7]{52}$/);
    expect(first.appKey).toMatch(/^os_v2_app_[a-z2-7]{52}$/);
    const { body } = await call('GET', `/apps/${first.appId}`, first.appKey);
    expect(body).toMatchObject({ name: 'My app', organization_id: first.organizationId });
  });

  test('happens once', async () => {
    expect(await bootstrap(db.database, clock)).toBeNull();
  });

  test('by several processes at once makes one', async () => {
    const empty = await createTestDatabase();
    try {
      const failing = bootstrap(empty.database, clock, () => Promise.reject(new Error('the disk is full')));
      await expect(failing).rejects.toThrow('the disk is full');
      const made = await Promise.all([1, 2, 3, 4].map(() => bootstrap(empty.database, clock)));
      expect(made.filter((one) => one !== null)).toHaveLength(1);
    } finally {
      await empty.drop();
    }
  });
});

describe('credentials', () => {
  test.each([
    ['Key', (key: string) => `Key ${key}`],
    ['Basic', (key: string) => `Basic ${key}`],
    ['Bearer', (key: string) => `Bearer ${key}`],
    ['a scheme in another case', (key: string) => `kEY ${key}`],
    ['double quotes around the key', (key: string) => `Key "${key}"`],
  ])('are read with %s', async (_name, header) => {
    const answer = await server.http.inject({
      url: `/apps/${first.appId}/whoami`,
      headers: { authorization: header(first.appKey) },
    });
    expect(answer.json()).toMatchObject({ kind: 'app-key', appId: first.appId });
  });

  test('of the organization open each of its apps', async () => {
    const { body } = await call('GET', `/apps/${sibling.appId}/whoami`, first.organizationKey);
    expect(body).toMatchObject({ kind: 'organization-key', organizationId: first.organizationId });
  });

  test('find the app whatever the case of its id', async () => {
    expect((await call('GET', `/apps/${first.appId.toUpperCase()}/whoami`, first.appKey)).status).toBe(200);
  });

  test.each(['Key ', 'Key', 'Digest abc', 'Key os_v2_app_wrong', 'Bearer aaa.bbb.ccc'])(
    'of the form %j are refused',
    async (authorization) => {
      const answer = await server.http.inject({
        url: `/apps/${first.appId}/whoami`,
        headers: { authorization },
      });
      expect(answer.statusCode).toBe(401);
      expect(answer.json()).toEqual({
        errors: [{ code: 'auth-1', title: "This operation requires 'Authorization' in the HTTP header" }],
      });
    },
  );

  test('are not needed on a public route, but a wrong key is told', async () => {
    const path = `/apps/${first.appId}/anyone`;
    expect(await call('GET', path)).toEqual({ status: 200, body: { kind: 'anonymous' } });
    expect((await call('GET', path, first.appKey)).body.kind).toBe('app-key');
    expect((await call('GET', path, 'os_v2_app_wrong')).status).toBe(401);
    expect((await call('GET', path, stranger.key)).status).toBe(401);
    const jwt = await server.http.inject({ url: path, headers: { authorization: 'Bearer aaa.bbb.ccc' } });
    expect(jwt.json()).toEqual({ kind: 'anonymous' });
  });

  test('do not make up an app that is not there', async () => {
    const answer = { errors: [{ code: 'app-not-found', title: `Couldn't find app with id = ${UNKNOWN}` }] };
    expect(await call('GET', `/apps/${UNKNOWN}/anyone`)).toEqual({ status: 404, body: answer });
    expect(await call('GET', `/apps/${UNKNOWN}/whoami`, first.organizationKey)).toEqual({
      status: 404,
      body: answer,
    });
  });

  test('see an app that was made a moment ago', async () => {
    const { organizationId } = first;
    const app = await createApp(db.database, clock, { organizationId, name: 'New' });
    expect((await call('GET', `/apps/${app.id}/whoami`, first.organizationKey)).status).toBe(200);
  });
});

describe('every route', () => {
  const token = UNKNOWN;
  const appRoutes = (appId: string): [Method, string, object?][] => [
    ['GET', `/apps/${appId}/auth/tokens`],
    ['POST', `/apps/${appId}/auth/tokens`, { name: 'k' }],
    ['PATCH', `/apps/${appId}/auth/tokens/${token}`, { name: 'k' }],
    ['POST', `/apps/${appId}/auth/tokens/${token}/rotate`],
    ['DELETE', `/apps/${appId}/auth/tokens/${token}`],
  ];
  const all = (appId: string): [Method, string, object?][] => [
    ...appRoutes(appId),
    ['GET', '/apps'],
    ['GET', `/apps/${appId}`],
    ['POST', '/apps', { name: 'x', organization_id: UNKNOWN }],
    ['PUT', `/apps/${appId}`, { name: 'x' }],
    ['PATCH', `/apps/${appId}`, { name: 'x' }],
  ];

  test('refuses a caller without a key', async () => {
    for (const [method, url, body] of all(first.appId)) {
      expect([method, url, await call(method, url, undefined, body)]).toEqual([
        method,
        url,
        { status: 403, body: DENIED },
      ]);
    }
  });

  test('refuses the key of another organization and says what is not permitted', async () => {
    for (const [method, url, body] of appRoutes(first.appId)) {
      for (const key of [stranger.organizationKey, stranger.key]) {
        expect(await call(method, url, key, body)).toEqual({ status: 403, body: NOT_PERMITTED });
      }
    }
    const { organizationKey } = stranger;
    expect(await call('GET', `/apps/${first.appId}`, organizationKey)).toEqual({
      status: 403,
      body: { errors: ['You do not have permission to view this app.'] },
    });
    expect(await call('PUT', `/apps/${first.appId}`, organizationKey, { name: 'x' })).toEqual({
      status: 403,
      body: { errors: ['You do not have permission to update this app.'] },
    });
    expect(
      await call('POST', '/apps', organizationKey, { name: 'x', organization_id: first.organizationId }),
    ).toEqual({
      status: 403,
      body: { errors: ['You do not have permission to create an app in this organization.'] },
    });
  });

  test('refuses the key of a sibling app, and app keys where an organization key is needed', async () => {
    for (const key of [sibling.key, first.appKey]) {
      for (const [method, url, body] of appRoutes(first.appId)) {
        expect(await call(method, url, key, body)).toEqual({ status: 403, body: NOT_PERMITTED });
      }
      expect((await call('PUT', `/apps/${first.appId}`, key, { name: 'x' })).status).toBe(403);
      expect(await call('GET', '/apps', key)).toEqual({
        status: 403,
        body: { errors: ['You do not have permission to list apps.'] },
      });
    }
    expect((await call('GET', `/apps/${first.appId}`, sibling.key)).status).toBe(403);
    expect((await call('GET', `/apps/${first.appId}`, first.appKey)).status).toBe(200);
  });

  test('says that there is no such app', async () => {
    for (const [method, url, body] of appRoutes(UNKNOWN)) {
      expect(await call(method, url, first.organizationKey, body)).toEqual({
        status: 404,
        body: { errors: ['App not found'] },
      });
    }
    for (const method of ['GET', 'PUT'] as const) {
      const body = method === 'PUT' ? { name: 'x' } : undefined;
      expect(await call(method, `/apps/${UNKNOWN}`, first.organizationKey, body)).toEqual({
        status: 404,
        body: { errors: [`Couldn't find app with id = ${UNKNOWN}`] },
      });
    }
  });

  test('says that there is no such key', async () => {
    for (const [method, url, body] of appRoutes(first.appId).slice(2)) {
      expect(await call(method, url, first.organizationKey, body)).toEqual({
        status: 404,
        body: { errors: ['Token not found'] },
      });
    }
  });

  test('does not touch the key of another app, even one of the same organization', async () => {
    const { body } = await call('GET', `/apps/${sibling.appId}/auth/tokens`, first.organizationKey);
    const id = body.tokens[0].token_id as string;
    const path = `/apps/${first.appId}/auth/tokens/${id}`;
    expect((await call('DELETE', path, first.organizationKey)).status).toBe(404);
    expect((await call('POST', `${path}/rotate`, first.organizationKey)).status).toBe(404);
    expect((await call('PATCH', path, first.organizationKey, { name: 'mine' })).status).toBe(404);
    expect((await call('GET', `/apps/${sibling.appId}`, sibling.key)).status).toBe(200);
  });
});

describe('apps', () => {
  test('are created with the documented members', async () => {
    const { status, body } = await call('POST', '/apps', first.organizationKey, {
      name: 'Shop',
      organization_id: first.organizationId,
      site_name: 'The shop',
      apns_env: 'development',
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'Shop',
      players: 0,
      messageable_players: 0,
      created_at: '2026-11-01T12:00:00.500Z',
      updated_at: '2026-11-01T12:00:00.500Z',
      organization_id: first.organizationId,
      additional_data_is_root_payload: false,
      apns_env: 'sandbox',
      chrome_web_origin: null,
      chrome_web_default_notification_icon: null,
      site_name: 'The shop',
      safari_site_origin: null,
      gcm_key: null,
      fcm_v1_service_account_json: null,
      fcm_sender_id: null,
      chrome_key: null,
      chrome_web_key: null,
      chrome_web_gcm_sender_id: null,
      chrome_web_sub_domain: null,
      apns_certificates: null,
      apns_p8: null,
      apns_team_id: null,
      apns_key_id: null,
      apns_bundle_id: null,
      safari_apns_certificate: null,
      safari_push_id: null,
      basic_auth_key: null,
    });
  });

  test('of an unknown organization cannot be created', async () => {
    const body = { name: 'x', organization_id: UNKNOWN };
    expect(await call('POST', '/apps', first.organizationKey, body)).toEqual({
      status: 404,
      body: { errors: ['Organization not found'] },
    });
  });

  test.each([
    [{}, 'name is required'],
    [{ name: '', organization_id: UNKNOWN }, 'name can not be blank'],
    [{ name: 'x'.repeat(129), organization_id: UNKNOWN }, 'name must be at most 128 characters long'],
    [{ name: 'x', organization_id: '5' }, 'organization_id must be a valid UUID'],
  ])('with the body %j are refused', async (body, title) => {
    expect(await call('POST', '/apps', first.organizationKey, body)).toEqual({
      status: 400,
      body: { errors: [title] },
    });
  });

  test('change in what is named, and null clears a setting', async () => {
    const path = `/apps/${sibling.appId}`;
    await call('PUT', path, first.organizationKey, {
      site_name: 'A',
      chrome_web_origin: 'https://a.example',
    });
    const { status, body } = await call('PATCH', path, first.organizationKey, { name: 'B', site_name: null });
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: 'B', site_name: null, chrome_web_origin: 'https://a.example' });
  });

  test('stay in their organization, which clients may name', async () => {
    const path = `/apps/${sibling.appId}`;
    const { organizationId, organizationKey } = first;
    const own = { organization_id: organizationId.toUpperCase() };
    expect((await call('PUT', path, organizationKey, own)).status).toBe(200);
    expect(
      await call('PUT', path, organizationKey, { name: 'x', organization_id: stranger.organizationId }),
    ).toEqual({
      status: 400,
      body: {
        errors: ['organization_id cannot be changed: an app stays in its organization. Leave it out.'],
      },
    });
    expect((await call('GET', path, organizationKey)).body.name).not.toBe('x');
  });

  test('leave out a Safari icon that they have not: typed clients cannot decode null there', async () => {
    const path = `/apps/${sibling.appId}`;
    const icon = 'https://a.example/256.png';
    expect((await call('GET', path, sibling.key)).body).not.toHaveProperty('safari_icon_256_256');
    const { body } = await call('PUT', path, first.organizationKey, { safari_icon_256_256: icon });
    expect(body.safari_icon_256_256).toBe(icon);
  });

  test('tell their channels when one is viewed, and not in lists', async () => {
    const channels = { email: { enabled: true, platforms: ['email'] } };
    for (const path of [`/apps/${sibling.appId}`, `/apps/${sibling.appId}?view=config`]) {
      expect((await call('GET', path, sibling.key)).body.channels).toEqual(channels);
    }
    const list = await call('GET', '/apps', first.organizationKey);
    expect(list.body[0]).not.toHaveProperty('channels');
  });

  test('are listed as an array of those of the organization only', async () => {
    const { body } = await call('GET', '/apps', stranger.organizationKey);
    expect(body.map(({ id }: { id: string }) => id)).toEqual([stranger.appId]);
  });

  test('are viewed without counts for their configuration', async () => {
    const { body } = await call('GET', `/apps/${first.appId}?view=config`, first.organizationKey);
    expect(body).not.toHaveProperty('players');
    expect(body).not.toHaveProperty('messageable_players');
  });
});

describe('API keys', () => {
  test('tell their secret once and work at once', async () => {
    const { status, body } = await create({ name: 'backend' });
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(['formatted_token', 'token_id']);
    expect((await whoami(body.formatted_token)).body.keyId).toBe(body.token_id);
    const list = await call('GET', `/apps/${sibling.appId}/auth/tokens`, first.organizationKey);
    expect(list.body.tokens).toContainEqual({
      token_id: body.token_id,
      name: 'backend',
      ip_allowlist_mode: 'disabled',
      ip_allowlist: [],
      created_at: new Date(clock.now()).toISOString(),
      updated_at: new Date(clock.now()).toISOString(),
      last_used_at: new Date(clock.now()).toISOString(),
      last_used_ip: '127.0.0.1',
    });
    expect(JSON.stringify(list.body)).not.toContain(body.formatted_token);
  });

  test('are listed by the time they were made', async () => {
    const { organizationId } = first;
    const app = await createApp(db.database, clock, { organizationId, name: 'Ordered' });
    const path = `/apps/${app.id}/auth/tokens`;
    for (const name of ['first', 'second', 'third']) {
      await call('POST', path, first.organizationKey, { name });
      await clock.advance(1);
    }
    const { body } = await call('GET', path, first.organizationKey);
    expect(body.tokens.map(({ name }: { name: string }) => name)).toEqual(['first', 'second', 'third']);
  });

  test('are not stored in clear', async () => {
    const { body } = await create({ name: 'hidden' });
    const rows = await db.database.rows<{ row: string }>({
      name: 'test.keys',
      text: 'select api_keys::text as row from api_keys',
    });
    expect(rows.some(({ row }) => row.includes(body.formatted_token.slice(10)))).toBe(false);
  });

  test('stop working the moment they are deleted', async () => {
    const { body } = await create({ name: 'short lived' });
    expect((await whoami(body.formatted_token)).status).toBe(200);
    const path = `/apps/${sibling.appId}/auth/tokens/${body.token_id}`;
    expect(await call('DELETE', path, first.organizationKey)).toEqual({ status: 200, body: {} });
    expect((await whoami(body.formatted_token)).status).toBe(401);
  });

  test('change their secret and keep their id', async () => {
    const { body } = await create({ name: 'rotated' });
    expect((await whoami(body.formatted_token)).status).toBe(200);
    const path = `/apps/${sibling.appId}/auth/tokens/${body.token_id}/rotate`;
    const rotated = await call('POST', path, first.organizationKey);
    expect(rotated.status).toBe(200);
    expect((await whoami(body.formatted_token)).status).toBe(401);
    expect((await whoami(rotated.body.formatted_token)).body.keyId).toBe(body.token_id);
  });

  test('deleted by another process stop working within ten seconds', async () => {
    const { body } = await create({ name: 'elsewhere' });
    expect((await whoami(body.formatted_token)).status).toBe(200);
    await db.database.run({ name: 'test.delete-key', text: 'delete from api_keys where id = $1' }, [
      body.token_id,
    ]);
    await clock.advance(10_000);
    expect((await whoami(body.formatted_token)).status).toBe(401);
  });

  test('work only from the addresses they allow', async () => {
    const { body } = await create({
      name: 'office',
      ip_allowlist_mode: 'explicit',
      ip_allowlist: ['192.0.2.0/24', '2001:db8::/32'],
    });
    const key = body.formatted_token as string;
    const statuses = async (...ips: string[]) =>
      Promise.all(ips.map(async (ip) => (await whoami(key, ip)).status));
    expect(await statuses('192.0.2.7', '::ffff:192.0.2.7', '2001:db8::1')).toEqual([200, 200, 200]);
    expect(await statuses('192.0.3.7', '2001:db9::1', '127.0.0.1')).toEqual([401, 401, 401]);
    const path = `/apps/${sibling.appId}/auth/tokens/${body.token_id}`;
    expect(await call('PATCH', path, first.organizationKey, { ip_allowlist: ['192.0.3.0/24'] })).toEqual({
      status: 200,
      body: {},
    });
    expect(await statuses('192.0.3.7', '192.0.2.7')).toEqual([200, 401]);
  });

  test.each([
    [
      { name: 'x', ip_allowlist: ['192.0.2.0/33'] },
      'ip_allowlist[0] must be an address range such as 192.0.2.0/24',
    ],
    [
      { name: 'x', ip_allowlist: ['::/0', 'home'] },
      'ip_allowlist[1] must be an address range such as 192.0.2.0/24',
    ],
    [
      { name: 'x', ip_allowlist_mode: 'explicit' },
      'ip_allowlist must have at least one entry when ip_allowlist_mode is explicit',
    ],
    [{ name: 'x', ip_allowlist_mode: 'some' }, 'ip_allowlist_mode must be one of disabled, explicit'],
    [{}, 'name is required'],
  ])('with the body %j are refused', async (body, title) => {
    expect(await create(body)).toEqual({ status: 400, body: { errors: [title] } });
  });

  test('are at most 16 for one app, also when many are asked for at once', async () => {
    const { organizationId } = first;
    const app = await createApp(db.database, clock, { organizationId, name: 'Full' });
    const path = `/apps/${app.id}/auth/tokens`;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call('POST', path, first.organizationKey, { name: 'k' })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(16);
    expect(answers.find(({ status }) => status !== 200)).toEqual({
      status: 400,
      body: { errors: ['An app or an organization can have at most 16 API keys. Delete one first.'] },
    });
  });
});
