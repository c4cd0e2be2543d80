import { createPrivateKey } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock, createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { SignJWT } from 'jose';
import { pino } from 'pino';
import { createApiKey, createApp } from '../modules/accounts/index.ts';
import { loadConfig } from '../platform/config/index.ts';
import { newMasterKey } from '../platform/crypto/index.ts';
import { newId } from '../platform/ids.ts';
import { startCarillon } from './start.ts';
import type { Carillon } from './start.ts';

const clock = new FakeClock();
let db: TestDatabase;
let here: Carillon;
/** Another process on the same database. */
let there: Carillon;
/** An app that verifies identities, its key, and the private half of its identity key. */
let app: string;
let appKey: string;
let secret: string;

beforeAll(async () => {
  db = await createTestDatabase();
  const masterKey = newMasterKey();
  const start = () =>
    startCarillon(
      loadConfig({
        DATABASE_URL: db.url,
        CARILLON_MASTER_KEY: masterKey,
        CARILLON_PORT: '0',
        CARILLON_ROLE: 'api',
      }),
      { log: pino({ level: 'silent' }), clock },
    );
  here = await start();
  there = await start();
});

beforeEach(async () => {
  ({ app, appKey } = await newApp());
  secret = await addIdentityKey(app);
  await setVerification(app, 'required');
});

afterAll(async () => {
  await here.stop();
  await there.stop();
  await db.drop();
});

interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** `by`: the whole Authorization header, or null for a device that sends none. */
async function call(
  method: string,
  path: string,
  by: string | null,
  body?: object,
  at = here,
): Promise<Answer> {
  const answer = await fetch(`${at.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(by === null ? {} : { authorization: by }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? '' : JSON.parse(text) };
}

const organization = () => `Key ${here.organizationKey}`;
const server = () => `Key ${appKey}`;

async function newApp(): Promise<{ app: string; appKey: string }> {
  const organizationId = here.organizationId!;
  const { id } = await createApp(db.database, clock, { organizationId, name: 'App' });
  const key = await createApiKey(db.database, clock, { organizationId, appId: id }, { name: 'k' });
  return { app: id, appKey: key.formatted_token };
}

async function addIdentityKey(appId: string): Promise<string> {
  const { body } = await call('POST', `/apps/${appId}/identity_keys`, organization(), { name: 'k' });
  return body.private_key;
}

async function setVerification(appId: string, state: 'off' | 'required') {
  const path = `/apps/${appId}/policy`;
  const { status } = await call('PATCH', path, organization(), { identity_verification: state });
  expect(status).toBe(200);
}

const in_ = (seconds: number) => Math.floor(clock.now() / 1_000) + seconds;

/** `Bearer` and a token for this user of the app. */
async function token(externalId: string, claims: object = {}, pem = secret): Promise<string> {
  const payload = { iss: app, exp: in_(3_600), identity: { external_id: externalId }, ...claims };
  const jwt = new SignJWT(payload).setProtectedHeader({ alg: 'ES256' });
  return `Bearer ${await jwt.sign(createPrivateKey(pem))}`;
}

interface Person {
  readonly externalId: string;
  readonly id: string;
  readonly email: string;
  readonly emailId: string;
  readonly pushId: string;
  /** `/apps/…/users/by/external_id/…` */
  readonly path: string;
}

async function newPerson(): Promise<Person> {
  const externalId = `person-${newId()}`;
  const email = `${externalId}@example.com`;
  const { status, body } = await call('POST', `/apps/${app}/users`, server(), {
    identity: { external_id: externalId, crm_id: `crm-${externalId}` },
    subscriptions: [{ type: 'Email', token: email }, push()],
  });
  expect(status).toBe(201);
  const [emailId, pushId] = body.subscriptions.map(({ id }: { id: string }) => id);
  const path = `/apps/${app}/users/by/external_id/${externalId}`;
  return { externalId, id: body.identity.onesignal_id, email, emailId, pushId, path };
}

function push() {
  return { type: 'AndroidPush', token: `fcm-${newId()}`, enabled: true };
}

/** What the server's key shows of a person. */
async function shown({ id }: Person) {
  return (await call('GET', `/apps/${app}/users/by/onesignal_id/${id}`, server())).body;
}

function refusal(reason: string): Answer {
  return {
    status: 401,
    body: {
      errors: [
        {
          code: 'auth-1',
          title: "This operation requires 'Authorization' in the HTTP header",
          meta: { reason, detail: expect.any(String) },
        },
      ],
    },
  };
}

/** Deleting takes a key also where identities are not verified, and tells a stranger just that. */
function strangerAnswer(operation: string): Answer {
  if (operation !== 'delete user') return refusal('missing');
  return {
    status: 401,
    body: {
      errors: [{ code: 'auth-1', title: "This operation requires 'Authorization' in the HTTP header" }],
    },
  };
}

const beyond = {
  status: 403,
  body: {
    errors: [
      {
        code: 'identity-token-scope',
        title: expect.stringMatching(/^The identity token does not allow this: /),
      },
    ],
  },
};

/** Every operation that takes a token, about one person, with the status of its success. */
const OPERATIONS: Record<
  string,
  (person: Person) => [method: string, path: string, status: number, body?: object]
> = {
  'create user': ({ externalId }) => [
    'POST',
    `/apps/${app}/users`,
    202,
    { identity: { external_id: externalId }, properties: { tags: { a: '1' } }, subscriptions: [push()] },
  ],
  'view user': ({ path }) => ['GET', path, 200],
  'update user': ({ path }) => ['PATCH', path, 202, { properties: { tags: { a: '1' } } }],
  'delete user': ({ path }) => ['DELETE', path, 202],
  'view identity': ({ path }) => ['GET', `${path}/identity`, 200],
  'create alias': ({ path }) => ['PATCH', `${path}/identity`, 200, { identity: { forum: newId() } }],
  'delete alias': ({ path }) => ['DELETE', `${path}/identity/crm_id`, 200],
  'create subscription': ({ path }) => ['POST', `${path}/subscriptions`, 201, { subscription: push() }],
  'update subscription': ({ pushId }) => [
    'PATCH',
    `/apps/${app}/subscriptions/${pushId}`,
    200,
    { subscription: { enabled: false, notification_types: -2 } },
  ],
  'delete subscription': ({ pushId }) => ['DELETE', `/apps/${app}/subscriptions/${pushId}`, 202],
  'transfer subscription': ({ pushId, externalId }) => [
    'PATCH',
    `/apps/${app}/subscriptions/${pushId}/owner`,
    200,
    { identity: { external_id: externalId } },
  ],
  'custom event': ({ externalId, id }) => [
    'POST',
    `/apps/${app}/custom_events`,
    202,
    { events: [{ name: 'order', external_id: externalId, onesignal_id: id, payload: {} }] },
  ],
};

describe.each(Object.entries(OPERATIONS))('where identities are verified, "%s"', (name, operation) => {
  const attempt = (person: Person, by: string | null, prefix = '') => {
    const [method, path, , body] = operation(person);
    return call(method, prefix + path, by, body);
  };
  const success = (person: Person) => operation(person)[2];

  test('takes a key of the server or a token of the user, at both addresses of the API', async () => {
    for (const prefix of ['', '/api/v1']) {
      for (const by of [server, organization, ({ externalId }: Person) => token(externalId)]) {
        const person = await newPerson();
        const { status, body } = await attempt(person, await by(person), prefix);
        expect([status, body.errors]).toEqual([success(person), undefined]);
      }
    }
  });

  test('refuses everybody else, and changes nothing', async () => {
    const person = await newPerson();
    const { externalId } = person;
    const before = await shown(person);
    const other = await newPerson();
    const elsewhere = await newApp();
    const foreign = await addIdentityKey(elsewhere.app);

    expect(await attempt(person, null)).toEqual(strangerAnswer(name));
    expect(await attempt(person, await token(externalId, {}, foreign))).toEqual(refusal('wrong signature'));
    expect(await attempt(person, await token(externalId, { exp: in_(-31) }))).toEqual(refusal('expired'));
    expect(await attempt(person, await token(externalId, { iss: elsewhere.app }))).toEqual(
      refusal('wrong issuer'),
    );
    expect(await attempt(person, await token(externalId, { identity: {} }))).toEqual(refusal('wrong claim'));
    expect(await attempt(person, await token(other.externalId))).toEqual(beyond);
    expect(await attempt(person, await token('nobody'))).toEqual(beyond);
    expect((await attempt(person, `Key ${elsewhere.appKey}`)).status).toBe(401);
    expect(await shown(person)).toEqual(before);
  });
});

function logIn(by: string, body: object) {
  return call('POST', `/apps/${app}/users`, by, body);
}

async function give(person: Person, identity: object) {
  return call('PATCH', `${person.path}/identity`, await token(person.externalId), { identity });
}

/** With these addresses signed. */
async function add(person: Person, subscription: object, subscriptions?: object[]) {
  const by = await token(person.externalId, { subscriptions });
  return call('POST', `${person.path}/subscriptions`, by, { subscription });
}

function email(address: string) {
  return { type: 'Email', token: address };
}

function address(token: string) {
  return { subscription: { token, enabled: true } };
}

async function send(person: Person, ...events: object[]) {
  return call('POST', `/apps/${app}/custom_events`, await token(person.externalId), { events });
}

describe('the user that a token opens', () => {
  test('may be named by any of its aliases, but nobody else may', async () => {
    const [anna, ben] = [await newPerson(), await newPerson()];
    const by = await token(anna.externalId);
    const view = (label: string, value: string) => call('GET', `/apps/${app}/users/by/${label}/${value}`, by);
    expect((await view('onesignal_id', anna.id)).status).toBe(200);
    expect((await view('onesignal_id', anna.id.toUpperCase())).status).toBe(200);
    expect((await view('crm_id', `crm-${anna.externalId}`)).status).toBe(200);
    expect(await view('onesignal_id', ben.id)).toEqual(beyond);
    expect(await view('crm_id', `crm-${ben.externalId}`)).toEqual(beyond);
    // Neither of these tells whether there is such a user.
    expect(await view('crm_id', 'unknown')).toEqual(beyond);
    expect(await view('external_id', 'unknown')).toEqual(beyond);
  });

  test('may be gone: the device hears 404 and makes it again', async () => {
    const by = await token('late');
    expect((await call('GET', `/apps/${app}/users/by/external_id/late`, by)).status).toBe(404);
    expect((await call('GET', `/apps/${app}/users/by/onesignal_id/${newId()}`, by)).status).toBe(404);
    expect(
      (await call('PATCH', `/apps/${app}/subscriptions/${newId()}`, by, { subscription: {} })).status,
    ).toBe(404);
    const made = await call('POST', `/apps/${app}/users`, by, { identity: { external_id: 'late' } });
    expect(made.status).toBe(201);
  });

  test('may be signed by other aliases than external_id', async () => {
    const anna = await newPerson();
    const claims = { identity: { crm_id: `crm-${anna.externalId}` } };
    expect((await call('GET', anna.path, await token('', claims))).status).toBe(200);
    const ben = await newPerson();
    expect(await call('GET', ben.path, await token('', claims))).toEqual(beyond);
  });
});

describe('logging in with a token', () => {
  test('moves the push subscription of the device from whoever had it', async () => {
    const [anna, ben] = [await newPerson(), await newPerson()];
    const answer = await logIn(await token(ben.externalId), {
      identity: { external_id: ben.externalId },
      subscriptions: [{ id: anna.pushId }],
      properties: { language: 'en' },
    });
    expect(answer).toMatchObject({ status: 202, body: { identity: { onesignal_id: ben.id } } });
    expect((await shown(anna)).subscriptions.map(({ id }: { id: string }) => id)).toEqual([anna.emailId]);
  });

  test('makes nobody who is not in the token: no anonymous user, nobody else, no other name', async () => {
    const by = await token('anna');
    const [phone] = [push()];
    for (const identity of [
      {},
      null,
      undefined,
      { external_id: 'ben' },
      { crm_id: 'anna' },
      { external_id: 'Anna' },
    ]) {
      expect(await logIn(by, { identity, subscriptions: [phone] })).toEqual(beyond);
    }
    const two = await token('', { identity: { external_id: 'anna', crm_id: 'c1' } });
    expect(await logIn(two, { identity: { external_id: 'anna' } })).toEqual(beyond);
    expect((await logIn(two, { identity: { external_id: 'anna', crm_id: 'c1' } })).status).toBe(201);
  });

  test('does not take over somebody who has no external_id yet', async () => {
    const { body } = await call('POST', `/apps/${app}/users`, server(), { identity: { crm_id: 'c9' } });
    const by = await token('mallory');
    const taken = await logIn(by, { identity: { external_id: 'mallory', crm_id: 'c9' } });
    expect(taken).toMatchObject({
      status: 409,
      body: { errors: [{ code: 'user-2', meta: { crm_id: 'c9' } }] },
    });
    const { onesignal_id } = body.identity;
    expect(await logIn(by, { identity: { external_id: 'mallory', onesignal_id } })).toEqual(beyond);
    const seen = await call('GET', `/apps/${app}/users/by/crm_id/c9`, server());
    expect(seen.body.identity).toEqual({ onesignal_id, crm_id: 'c9' });
  });

  test('ends with the subscription switched off, and no user made', async () => {
    const anna = await newPerson();
    const path = `/apps/${app}/subscriptions/${anna.pushId}`;
    const off = { subscription: { enabled: false, notification_types: -2 } };
    expect((await call('PATCH', path, await token(anna.externalId), off)).status).toBe(200);
    const { subscriptions } = await shown(anna);
    const states = subscriptions.map(({ id, enabled }: { id: string; enabled: boolean }) => [id, enabled]);
    expect(Object.fromEntries(states)).toEqual({ [anna.emailId]: true, [anna.pushId]: false });
  });
});

describe('aliases given with a token', () => {
  test('may be free ones of your own labels', async () => {
    const anna = await newPerson();
    expect(await give(anna, { forum: 'anna', crm_id: 'new' })).toMatchObject({
      status: 200,
      body: { identity: { external_id: anna.externalId, forum: 'anna', crm_id: 'new' } },
    });
  });

  test('are not an external_id that the token does not say, though nobody has it yet', async () => {
    const anna = await newPerson();
    expect(await give(anna, { external_id: 'the-director' })).toEqual(beyond);
    const claims = { identity: { crm_id: `crm-${anna.externalId}` } };
    const path = `/apps/${app}/users/by/crm_id/crm-${anna.externalId}/identity`;
    const by = await token('', claims);
    expect(await call('PATCH', path, by, { identity: { external_id: 'the-director' } })).toEqual(beyond);
    expect((await call('PATCH', path, by, { identity: { external_id: anna.externalId } })).status).toBe(200);
  });

  test('are not more than a user can have', async () => {
    const anna = await newPerson();
    const many = Object.fromEntries(Array.from({ length: 23 }, (_, index) => [`l${index}`, 'x']));
    const answer = { status: 400, body: { errors: [{ code: 'alias-limit' }] } };
    expect(await give(anna, many)).toMatchObject(answer);
  });

  test('are not taken from somebody else', async () => {
    const [anna, ben] = [await newPerson(), await newPerson()];
    const body = { identity: { crm_id: `crm-${ben.externalId}` }, take: true };
    const path = `${anna.path}/identity`;
    expect((await call('PATCH', path, await token(anna.externalId), body)).status).toBe(409);
    const own = { identity: { forum: 'anna' }, take: true };
    expect((await call('PATCH', path, await token(anna.externalId), own)).status).toBe(401);
    expect((await call('PATCH', path, server(), body)).status).toBe(200);
  });

  test('of somebody else are answered as without a token', async () => {
    const [anna, ben] = [await newPerson(), await newPerson()];
    const crm_id = `crm-${ben.externalId}`;
    expect(await give(anna, { crm_id })).toEqual({
      status: 409,
      body: {
        errors: [
          {
            code: 'user-2',
            title: 'One or more Aliases claimed by another User',
            meta: { crm_id, conflicting_aliases: { crm_id } },
          },
        ],
      },
    });
  });
});

describe('email addresses and phone numbers', () => {
  test('are added when the token says them, in whatever spelling', async () => {
    const anna = await newPerson();
    const another = `new-${anna.email}`;
    expect(await add(anna, email(another))).toEqual(beyond);
    expect(await add(anna, email(another), [email('other@example.com')])).toEqual(beyond);
    expect(await add(anna, email(another), [{ type: 'SMS', token: another }])).toEqual(beyond);
    expect(
      (await add(anna, email(another), [{ type: 'email', token: ` ${another.toUpperCase()} ` }])).status,
    ).toBe(201);
    const phone = { type: 'SMS', token: '+351 910 000 000' };
    expect(await add(anna, phone)).toEqual(beyond);
    expect((await add(anna, phone, [{ type: 'SMS', token: '+351910000000' }])).status).toBe(201);
  });

  test('may be sent again by whoever has them', async () => {
    const anna = await newPerson();
    expect((await add(anna, email(anna.email))).status).toBe(202);
    const again = { identity: { external_id: anna.externalId }, subscriptions: [email(anna.email)] };
    expect((await call('POST', `/apps/${app}/users`, await token(anna.externalId), again)).status).toBe(202);
  });

  test('of somebody else move only when the token says them', async () => {
    const [anna, ben] = [await newPerson(), await newPerson()];
    const by = await token(anna.externalId);
    const users = `/apps/${app}/users`;
    const identity = { external_id: anna.externalId };
    const owner = `/apps/${app}/subscriptions/${ben.emailId}/owner`;
    expect(await add(anna, email(ben.email))).toEqual(beyond);
    expect(await add(anna, { id: ben.emailId })).toEqual(beyond);
    expect(await call('POST', users, by, { identity, subscriptions: [push(), { id: ben.emailId }] })).toEqual(
      beyond,
    );
    expect(await call('PATCH', owner, by, { identity })).toEqual(beyond);
    expect((await shown(ben)).subscriptions).toHaveLength(2);
    const signed = await token(anna.externalId, { subscriptions: [email(ben.email)] });
    expect((await call('PATCH', owner, signed, { identity })).status).toBe(200);
    expect((await shown(anna)).subscriptions).toHaveLength(3);
  });

  test('change only to one that the token says', async () => {
    const anna = await newPerson();
    const path = `/apps/${app}/subscriptions/${anna.emailId}`;
    const by = await token(anna.externalId);
    expect(await call('PATCH', path, by, address(`new-${anna.email}`))).toEqual(beyond);
    expect((await call('PATCH', path, by, address(anna.email.toUpperCase()))).status).toBe(200);
    const signed = await token(anna.externalId, { subscriptions: [email(`new-${anna.email}`)] });
    expect((await call('PATCH', path, signed, address(`new-${anna.email}`))).status).toBe(200);
    const pushPath = `/apps/${app}/subscriptions/${anna.pushId}`;
    expect((await call('PATCH', pushPath, by, { subscription: push() })).status).toBe(200);
  });

  test("do not come in as the new token of a subscription that is the user's", async () => {
    const anna = await newPerson();
    const trick = { id: anna.emailId, type: 'AndroidPush', token: 'ben@example.com' };
    expect(await add(anna, trick)).toEqual(beyond);
    const identity = { external_id: anna.externalId };
    const body = { identity, subscriptions: [trick] };
    expect(await logIn(await token(anna.externalId), body)).toEqual(beyond);
    const own = { id: anna.emailId, type: 'Email', token: anna.email };
    expect((await logIn(await token(anna.externalId), { identity, subscriptions: [own] })).status).toBe(202);
  });

  test('that are wrong are refused as such', async () => {
    expect(await add(await newPerson(), email('nonsense'))).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'request-invalid' }] },
    });
  });
});

test("a push subscription is not moved to another user than the token's", async () => {
  const [anna, ben] = [await newPerson(), await newPerson()];
  const path = `/apps/${app}/subscriptions/${anna.pushId}/owner`;
  const by = await token(anna.externalId);
  expect(await call('PATCH', path, by, { identity: { external_id: ben.externalId } })).toEqual(beyond);
  expect(await call('PATCH', path, by, { identity: { onesignal_id: ben.id } })).toEqual(beyond);
});

test('the user of a subscription is not looked up with a token: it takes a key', async () => {
  const anna = await newPerson();
  const path = `/apps/${app}/subscriptions/${anna.pushId}/user/identity`;
  const identity = { forum: 'anna' };
  for (const [method, body] of [['GET'], ['PATCH', { identity }]] as const) {
    expect(await call(method, path, null, body)).toEqual(refusal('missing'));
    expect(await call(method, path, await token(anna.externalId), body)).toEqual(beyond);
    expect((await call(method, path, server(), body)).status).toBe(200);
  }
});

describe('custom events with a token', () => {
  test('are of its user, by either name, and all of them or none are taken', async () => {
    const [anna, ben] = [await newPerson(), await newPerson()];
    const own = { name: 'order', external_id: anna.externalId };
    expect(await send(anna, own, { name: 'order', onesignal_id: anna.id })).toEqual({
      status: 202,
      body: {},
    });
    for (const wrong of [
      { external_id: ben.externalId },
      { onesignal_id: ben.id },
      { external_id: anna.externalId, onesignal_id: ben.id },
      { external_id: ben.externalId, onesignal_id: anna.id },
    ]) {
      expect(await send(anna, own, { name: 'order', ...wrong })).toEqual(beyond);
    }
    const [count] = await db.database.rows<{ count: number }>(
      { name: 'test.events', text: 'select count(*) as count from custom_events where app_id = $1' },
      [app],
    );
    expect(count).toEqual({ count: 2 });
  });

  test('that name nobody are told one by one, as without a token', async () => {
    expect(await send(await newPerson(), { name: 'order' })).toMatchObject({
      status: 202,
      body: { errors: [{ error: { title: 'external_id or onesignal_id is required' } }] },
    });
  });
});

describe('where identities are not verified', () => {
  beforeEach(() => setVerification(app, 'off'));

  test('a token is not looked at, good or bad', async () => {
    const anna = await newPerson();
    const path = `/apps/${app}/users/by/onesignal_id/${anna.id}`;
    for (const by of [null, 'Bearer aaa.bbb.ccc', await token(anna.externalId), await token('ben')]) {
      expect((await call('GET', path, by)).status).toBe(200);
    }
    const anonymous = { subscriptions: [push()] };
    expect((await call('POST', `/apps/${app}/users`, await token('ben'), anonymous)).status).toBe(201);
  });

  test('a token opens nothing that takes a key', async () => {
    const anna = await newPerson();
    const by = await token(anna.externalId);
    expect((await call('DELETE', anna.path, by)).status).toBe(401);
    expect((await call('GET', anna.path, by)).status).toBe(401);
    const events = { events: [{ name: 'order', external_id: anna.externalId }] };
    expect(await call('POST', `/apps/${app}/custom_events`, by, events)).toEqual({ status: 401, body: '' });
  });
});

test('a token opens nothing but the operations of users', async () => {
  const by = await token((await newPerson()).externalId);
  const message = { app_id: app, target_channel: 'email', email_subject: 'x', email_body: 'y' };
  expect((await call('POST', '/notifications', by, message)).status).toBe(403);
  expect((await call('GET', `/apps/${app}`, by)).status).toBe(403);
  expect((await call('GET', `/apps/${app}/policy`, by)).status).toBe(401);
  expect((await call('GET', `/apps/${app}/feed`, by)).status).toBe(403);
});

test('tracked links stay open', async () => {
  const answer = await fetch(`${here.url}/t/o/nonsense`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'image/gif']);
});

describe('keys and policy', () => {
  test('change hands: both keys are good, until the old one is deleted', async () => {
    const anna = await newPerson();
    const { body } = await call('GET', `/apps/${app}/identity_keys`, server());
    const [oldKey] = body.identity_keys;
    const fresh = await addIdentityKey(app);
    const [before, after] = [await token(anna.externalId), await token(anna.externalId, {}, fresh)];
    expect((await call('GET', anna.path, before)).status).toBe(200);
    expect((await call('GET', anna.path, before, undefined, there)).status).toBe(200);
    expect((await call('GET', anna.path, after)).status).toBe(200);

    const path = `/apps/${app}/identity_keys/${oldKey.id}`;
    expect((await call('DELETE', path, organization())).status).toBe(200);
    // At once here, although the token had been found good; a moment later there.
    expect(await call('GET', anna.path, before)).toEqual(refusal('wrong signature'));
    expect((await call('GET', anna.path, after)).status).toBe(200);
    await until(
      'the other process has heard of it',
      async () => (await call('GET', anna.path, before, undefined, there)).status === 401,
    );
    expect((await call('GET', anna.path, after, undefined, there)).status).toBe(200);
  });

  test('take effect with the next request, and a moment later in another process', async () => {
    const anna = await newPerson();
    const view = (at = here) =>
      call('GET', `/apps/${app}/users/by/onesignal_id/${anna.id}`, null, undefined, at);
    expect((await view()).status).toBe(401);
    expect((await view(there)).status).toBe(401);
    await setVerification(app, 'off');
    expect((await view()).status).toBe(200);
    await until('the other process has heard of it', async () => (await view(there)).status === 200);
    await setVerification(app, 'required');
    expect((await view()).status).toBe(401);
    await until('the other process has heard of it', async () => (await view(there)).status === 401);
  });

  test('a token that was good ends at its time', async () => {
    const anna = await newPerson();
    const by = await token(anna.externalId, { exp: in_(5) });
    expect((await call('GET', anna.path, by)).status).toBe(200);
    await clock.advance(34_000);
    expect((await call('GET', anna.path, by)).status).toBe(200);
    await clock.advance(1_000);
    expect(await call('GET', anna.path, by)).toEqual(refusal('expired'));
  });

  test('of one app do not touch another one', async () => {
    const other = await newApp();
    expect((await call('POST', `/apps/${other.app}/users`, null, { subscriptions: [push()] })).status).toBe(
      201,
    );
    await call('POST', `/apps/${other.app}/users`, `Key ${other.appKey}`, {
      identity: { external_id: 'anna' },
    });
    await addIdentityKey(other.app);
    await setVerification(other.app, 'required');
    const answer = await call('GET', `/apps/${other.app}/users/by/external_id/anna`, await token('anna'));
    expect(answer).toEqual(refusal('wrong signature'));
  });

  test("the limit of tags is the app's own, from the next request on", async () => {
    const anna = await newPerson();
    const tag = (tags: object) => call('PATCH', anna.path, server(), { properties: { tags } });
    expect((await tag({ a: '1', b: '2' })).status).toBe(202);
    await call('PATCH', `/apps/${app}/policy`, organization(), { tag_limit: 2 });
    expect(await tag({ c: '3' })).toMatchObject({ status: 400, body: { errors: [{ code: 'tag-limit' }] } });
    expect((await tag({ b: '4' })).status).toBe(202);
    await call('PATCH', `/apps/${app}/policy`, organization(), { tag_limit: null });
    expect((await tag({ c: '3' })).status).toBe(202);
  });

  test("blocked external ids are the app's own list, from the next request on", async () => {
    const path = `/apps/${app}/policy`;
    const create = (externalId: string) =>
      call('POST', `/apps/${app}/users`, server(), { identity: { external_id: externalId } });
    expect((await create('guest')).status).toBe(201);
    expect((await create('null')).status).toBe(400);
    await call('PATCH', path, organization(), { blocked_external_ids: ['guest'] });
    expect(await create('guest')).toMatchObject({
      status: 400,
      body: { errors: [{ title: expect.stringMatching(/^identity.external_id must not be "guest"/) }] },
    });
    expect((await create('null')).status).toBe(201);
  });
});
