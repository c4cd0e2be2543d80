import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeClock, createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { pino } from 'pino';
import { connectHints } from '../../platform/database/hints.ts';
import type { Hints } from '../../platform/database/hints.ts';
import { createHttpServer } from '../../platform/http/server.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import {
  AppPolicies,
  bootstrap,
  createApiKey,
  createApp,
  createAuthenticator,
  createOrganization,
  policyRoutes,
} from './index.ts';
import type { FirstAccount } from './index.ts';

const UNKNOWN = '99999999-9999-4999-8999-999999999999';
const DEFAULTS = { tagLimit: 500, blockedExternalIds: ['null'] };
const DEFAULT_ANSWER = {
  tag_limit: 500,
  unknown_event_users: 'refuse',
  blocked_external_ids: ['null'],
  identity_verification: 'off',
  utm: null,
  audience_guard: null,
  sending: {
    time_zone: 'UTC',
    quiet_hours: null,
    frequency_cap: null,
    throttle_rate_per_minute: null,
  },
};

const log = pino({ level: 'silent' });
const clock = new FakeClock();
let db: TestDatabase;
let first: FirstAccount;
/** Two processes on one database. */
let here: Process;
let there: Process;
let strangerKey: string;

interface Process {
  readonly server: HttpServer;
  readonly policies: AppPolicies;
  readonly hints: Hints;
}

async function startProcess(): Promise<Process> {
  const { database } = db;
  const hints = await connectHints(database, log);
  const policies = new AppPolicies({ database, clock, hints, defaults: DEFAULTS });
  const server = await createHttpServer({
    routes: [policyRoutes({ database, clock, hints, policies })],
    authenticator: createAuthenticator(database, clock),
    log,
    clock,
  });
  return { server, policies, hints };
}

beforeAll(async () => {
  db = await createTestDatabase();
  const { database } = db;
  first = (await bootstrap(database, clock))!;
  const organizationId = await createOrganization(database, clock, { name: 'Strangers' });
  const key = await createApiKey(database, clock, { organizationId, appId: null }, { name: 'k' });
  strangerKey = key.formatted_token;
  here = await startProcess();
  there = await startProcess();
});

afterAll(async () => {
  for (const { server, hints } of [here, there]) {
    await server.close();
    await hints.end();
  }
  await db.drop();
});

async function newApp(): Promise<string> {
  return (await createApp(db.database, clock, { organizationId: first.organizationId, name: 'App' })).id;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

async function call(method: Method, url: string, body?: object, key: string | null = first.organizationKey) {
  const answer = await here.server.http.inject({
    method,
    url,
    headers: key === null ? {} : { authorization: `Key ${key}` },
    ...(body === undefined ? {} : { payload: body }),
  });
  return { status: answer.statusCode, body: answer.json() };
}

function change(app: string, body: object) {
  return call('PATCH', `/apps/${app}/policy`, body);
}

function addKey(app: string, body: object = {}) {
  return call('POST', `/apps/${app}/identity_keys`, { name: 'key', ...body });
}

function newPem(): string {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

describe('the policy of an app', () => {
  test('is the default until something is set', async () => {
    expect(await call('GET', `/apps/${await newApp()}/policy`)).toEqual({
      status: 200,
      body: DEFAULT_ANSWER,
    });
  });

  test('has a guard of audiences where one is set, and refuses one that is none', async () => {
    const app = await newApp();
    const audience_guard = { times: 0.5, within_minutes: 15 };
    const changed = { ...DEFAULT_ANSWER, audience_guard };
    expect(await change(app, { audience_guard })).toEqual({ status: 200, body: changed });
    expect((await change(app, { tag_limit: null })).body).toEqual(changed);
    expect((await there.policies.get(app)).audienceGuard).toEqual(audience_guard);
    for (const bad of [
      { times: 0, within_minutes: 15 },
      { times: 10 },
      { ...audience_guard, hours: 1 },
      10,
    ]) {
      expect((await change(app, { audience_guard: bad })).status).toBe(400);
    }
    expect((await change(app, { audience_guard: null })).body).toEqual(DEFAULT_ANSWER);
  });

  test('changes in what is named, and null brings the default back', async () => {
    const app = await newApp();
    const changed = { ...DEFAULT_ANSWER, tag_limit: 20, blocked_external_ids: ['guest', 'test'] };
    const { tag_limit, blocked_external_ids } = changed;
    expect(await change(app, { tag_limit })).toEqual({ status: 200, body: { ...DEFAULT_ANSWER, tag_limit } });
    expect((await change(app, { blocked_external_ids })).body).toEqual(changed);
    expect((await change(app, {})).body).toEqual(changed);
    expect((await call('GET', `/apps/${app}/policy`)).body).toEqual(changed);
    expect((await change(app, { blocked_external_ids: [] })).body.blocked_external_ids).toEqual([]);
    expect((await change(app, { tag_limit: null, blocked_external_ids: null })).body).toEqual(DEFAULT_ANSWER);
  });

  test('has what links carry for web analytics', async () => {
    const app = await newApp();
    const utm = { source: 'shop', medium: 'email' };
    expect((await change(app, { utm })).body).toEqual({ ...DEFAULT_ANSWER, utm });
    expect((await here.policies.get(app)).utm).toEqual(utm);
    expect((await change(app, { tag_limit: 3 })).body.utm).toEqual(utm);
    expect((await change(app, { utm: null, tag_limit: null })).body).toEqual(DEFAULT_ANSWER);
  });

  test("is each app's own", async () => {
    const [one, other] = [await newApp(), await newApp()];
    await change(one, { tag_limit: 3 });
    expect((await here.policies.get(other)).tagLimit).toBe(500);
  });

  test('is seen by the next request of this process, and soon by another one', async () => {
    const app = await newApp();
    expect((await here.policies.get(app)).tagLimit).toBe(500);
    expect((await there.policies.get(app)).tagLimit).toBe(500);
    await change(app, { tag_limit: 7 });
    expect((await here.policies.get(app)).tagLimit).toBe(7);
    await until('the hint has come', async () => (await there.policies.get(app)).tagLimit === 7);
  });

  test('is seen within ten seconds where the hint was lost', async () => {
    const app = await newApp();
    expect((await there.policies.get(app)).tagLimit).toBe(500);
    await db.database.run(
      {
        name: 'test.policy',
        text: `insert into app_policies (app_id, tag_limit, updated_at) values ($1, 9, now())`,
      },
      [app],
    );
    await clock.advance(10_000);
    expect((await there.policies.get(app)).tagLimit).toBe(9);
  });

  test('of an app that does not exist is the default, and cannot be changed', async () => {
    expect((await here.policies.get(UNKNOWN)).tagLimit).toBe(500);
    const body = { errors: [{ code: 'app-not-found', title: `Couldn't find app with id = ${UNKNOWN}` }] };
    expect(await change(UNKNOWN, { tag_limit: 1 })).toEqual({ status: 404, body });
  });

  test.each([
    [{ tag_limit: 0 }, 'tag_limit must be at least 1'],
    [{ tag_limit: 10_001 }, 'tag_limit must be at most 10000'],
    [{ tag_limit: 1.5 }, 'tag_limit must be an integer or null, not a number'],
    [{ tag_limit: '5' }, 'tag_limit must be an integer or null, not a string'],
    [{ tag_limits: 5 }, 'tag_limits is not known here: remove it'],
    [{ blocked_external_ids: 'NA' }, 'blocked_external_ids must be an array or null, not a string'],
    [{ blocked_external_ids: [''] }, 'blocked_external_ids[0] can not be blank'],
    [
      { blocked_external_ids: ['a', 'b', 'a'] },
      'blocked_external_ids must not repeat an entry: entries 2 and 0 are the same',
    ],
    [{ blocked_external_ids: [5] }, 'blocked_external_ids[0] must be a string, not a number'],
    [{ utm: { utm_source: 'a' } }, 'utm.utm_source is not known here: remove it'],
    [{ utm: { source: '' } }, 'utm.source can not be blank'],
    [{ utm: { source: 5 } }, 'utm.source must be a string or null, not a number'],
    [
      { utm: { campaign: '{{ message.name }}' } },
      'utm.campaign is not filled in for each person: write it without {{ and {%',
    ],
    [{ identity_verification: 'on' }, 'identity_verification must be one of off, required'],
  ])('is not changed by %j', async (body, title) => {
    const app = await newApp();
    expect(await change(app, { tag_limit: 5, ...body })).toEqual({
      status: 400,
      body: { errors: [{ code: 'request-invalid', title }] },
    });
    expect((await call('GET', `/apps/${app}/policy`)).body).toEqual(DEFAULT_ANSWER);
  });

  test('does not require tokens that no key could have signed', async () => {
    const app = await newApp();
    const { status, body } = await change(app, { identity_verification: 'required' });
    expect([status, body.errors[0].title]).toEqual([
      400,
      expect.stringMatching(/^identity_verification must not be required while the app has no identity key/),
    ]);
    expect((await addKey(app)).status).toBe(201);
    expect((await change(app, { identity_verification: 'required' })).body.identity_verification).toBe(
      'required',
    );
  });
});

describe('identity keys', () => {
  test('are kept as they were sent, and shown by the time they came', async () => {
    const app = await newApp();
    const pems = [newPem(), newPem()];
    const made = [];
    for (const public_key of pems) {
      made.push(await addKey(app, { name: `key ${made.length + 1}`, public_key }));
      await clock.advance(1);
    }
    const answers = pems.map((public_key, index) => ({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: `key ${index + 1}`,
      kid: expect.stringMatching(/^[\w-]{43}$/),
      public_key,
      created_at: expect.stringMatching(/^2026-11-01T12:00:\d\d\.\d{3}Z$/),
    }));
    expect(made).toEqual(answers.map((body) => ({ status: 201, body })));
    expect(await call('GET', `/apps/${app}/identity_keys`)).toEqual({
      status: 200,
      body: { identity_keys: answers },
    });
  });

  test('made here tell their private half once, and it is kept nowhere', async () => {
    const app = await newApp();
    const { body } = await addKey(app);
    expect(body.private_key).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(body.public_key).toMatch(/^-----BEGIN PUBLIC KEY-----/);
    const listed = await call('GET', `/apps/${app}/identity_keys`);
    const { private_key, ...shown } = body;
    expect(listed.body.identity_keys).toEqual([shown]);
    const [row] = await db.database.rows<{ row: string }>(
      { name: 'test.key-row', text: 'select k::text as row from identity_keys k where id = $1' },
      [body.id],
    );
    const secret = private_key.split('\n').slice(1, -2).join('');
    expect(row?.row).not.toContain('"d"');
    expect(row?.row).not.toContain(secret.slice(0, 40));
  });

  test('come once', async () => {
    const app = await newApp();
    const { body } = await addKey(app);
    const again = await addKey(app, { name: 'again', public_key: body.public_key });
    expect(again).toEqual({
      status: 409,
      body: {
        errors: [
          { code: 'identity-key-known', title: `This app has this key already: its kid is ${body.kid}` },
        ],
      },
    });
    expect((await addKey(await newApp(), { public_key: body.public_key })).status).toBe(201);
  });

  test('are at most 16, also when many are asked for at once', async () => {
    const app = await newApp();
    const answers = await Promise.all(Array.from({ length: 20 }, () => addKey(app)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(16);
    expect(answers.find(({ status }) => status !== 201)).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'identity-key-limit' }] },
    });
  });

  test('can be deleted, but not the last one while it is needed', async () => {
    const app = await newApp();
    const keys = [(await addKey(app)).body.id, (await addKey(app)).body.id];
    await change(app, { identity_verification: 'required' });
    const path = (id: string) => `/apps/${app}/identity_keys/${id}`;
    expect(await call('DELETE', path(keys[0]))).toEqual({ status: 200, body: {} });
    expect(await call('DELETE', path(keys[0]))).toMatchObject({
      status: 404,
      body: { errors: [{ code: 'identity-key-not-found' }] },
    });
    expect(await call('DELETE', path(keys[1]))).toMatchObject({
      status: 409,
      body: { errors: [{ code: 'identity-key-last' }] },
    });
    expect((await call('GET', `/apps/${app}/identity_keys`)).body.identity_keys).toHaveLength(1);
    await change(app, { identity_verification: 'off' });
    expect((await call('DELETE', path(keys[1].toUpperCase()))).status).toBe(200);
  });

  test('cannot be the last one deleted while another request requires tokens', async () => {
    for (let round = 0; round < 5; round += 1) {
      const app = await newApp();
      const { id } = (await addKey(app)).body;
      const [deleted, required] = await Promise.all([
        call('DELETE', `/apps/${app}/identity_keys/${id}`),
        change(app, { identity_verification: 'required' }),
      ]);
      expect([
        [200, 400],
        [409, 200],
      ]).toContainEqual([deleted.status, required.status]);
    }
  });

  test('of another app are not touched', async () => {
    const [app, other] = [await newApp(), await newApp()];
    const { id } = (await addKey(other)).body;
    expect((await call('DELETE', `/apps/${app}/identity_keys/${id}`)).status).toBe(404);
    expect((await call('GET', `/apps/${other}/identity_keys`)).body.identity_keys).toHaveLength(1);
  });

  test.each([
    [{ name: '' }, 'name can not be blank'],
    [{ name: 'x'.repeat(129) }, 'name must be at most 128 characters long'],
    [{ name: 'x', publicKey: 'y' }, 'publicKey is not known here: remove it'],
    [
      { name: 'x', public_key: null },
      'public_key must be PEM text that begins with -----BEGIN PUBLIC KEY-----, or a JWK',
    ],
  ])('are not made from %j', async (body, title) => {
    expect(await call('POST', `/apps/${first.appId}/identity_keys`, body)).toEqual({
      status: 400,
      body: { errors: [{ code: 'request-invalid', title }] },
    });
  });
});

describe('policy and keys', () => {
  const reads: [Method, string][] = [
    ['GET', 'policy'],
    ['GET', 'identity_keys'],
  ];
  const changes: [Method, string, object?][] = [
    ['PATCH', 'policy', { tag_limit: 1 }],
    ['POST', 'identity_keys', { name: 'k' }],
    ['DELETE', `identity_keys/${UNKNOWN}`],
  ];

  test("are shown to the app's key, and changed by the organization's only", async () => {
    for (const [method, path] of reads) {
      expect((await call(method, `/apps/${first.appId}/${path}`, undefined, first.appKey)).status).toBe(200);
    }
    for (const [method, path, body] of changes) {
      expect(await call(method, `/apps/${first.appId}/${path}`, body, first.appKey)).toEqual({
        status: 403,
        body: {
          errors: [
            {
              code: 'organization-permission',
              title: 'Current organization permissions do not allow this action.',
            },
          ],
        },
      });
    }
  });

  test('are closed to strangers and to callers without a key', async () => {
    for (const [method, path, body] of [...reads, ...changes]) {
      const url = `/apps/${first.appId}/${path}`;
      expect((await call(method, url, body, null)).status).toBe(401);
      expect([401, 403]).toContain((await call(method, url, body, strangerKey)).status);
    }
  });
});

describe('the hours of an app', () => {
  const rules = {
    time_zone: 'Europe/Amsterdam',
    quiet_hours: { from: '22:00', to: '08:00' },
    frequency_cap: { messages: 3, minutes: 1_440, channels: ['email'] },
    throttle_rate_per_minute: 6_000,
  };
  const channels = ['email', 'push', 'sms'];

  test('are set, changed one by one, and taken back', async () => {
    const app = await newApp();
    const set = await change(app, { sending: rules });
    expect(set.body.sending).toEqual({ ...rules, quiet_hours: { ...rules.quiet_hours, channels } });
    const changed = await change(app, { sending: { quiet_hours: null, time_zone: 'Asia/Tokyo' } });
    expect(changed.body.sending).toEqual({ ...rules, quiet_hours: null, time_zone: 'Asia/Tokyo' });
    const gone = await change(app, {
      sending: { time_zone: null, frequency_cap: null, throttle_rate_per_minute: null },
    });
    expect(gone.body.sending).toEqual(DEFAULT_ANSWER.sending);
  });

  test.each([
    [{ time_zone: 'Mars/Olympus' }, 'sending.time_zone'],
    [{ time_zone: '+01:00' }, 'sending.time_zone'],
    [{ quiet_hours: { from: '22:00', to: '22:00' } }, 'sending.quiet_hours'],
    [{ quiet_hours: { from: '9:00', to: '22:00' } }, 'sending.quiet_hours'],
    [{ quiet_hours: { from: '24:00', to: '22:00' } }, 'sending.quiet_hours'],
    [{ frequency_cap: { messages: 0, minutes: 5 } }, 'sending.frequency_cap'],
    [{ frequency_cap: { messages: 5, minutes: 5, channels: [] } }, 'sending.frequency_cap'],
    [{ quiet: true }, 'sending'],
  ])('are refused by name: %j', async (sending, field) => {
    const { status, body } = await change(await newApp(), { sending });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain(field);
  });
});
