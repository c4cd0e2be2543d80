import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { pino } from 'pino';
import { loadConfig } from '../platform/config/index.ts';
import { newMasterKey } from '../platform/crypto/index.ts';
import { startCarillon } from './start.ts';
import type { Carillon } from './start.ts';

const PASSWORD = 'a-word-that-nobody-may-read';

let db: TestDatabase;
let carillon: Carillon;

beforeAll(async () => {
  db = await createTestDatabase();
  const config = loadConfig({
    DATABASE_URL: db.url,
    CARILLON_MASTER_KEY: newMasterKey(),
    CARILLON_PORT: '0',
    CARILLON_ROLE: 'api',
  });
  carillon = await startCarillon(config, { log: pino({ level: 'silent' }) });
});

afterAll(async () => {
  await carillon.stop();
  await db.drop();
});

interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

async function send(method: string, path: string, key: string | null, body?: object): Promise<Answer> {
  const answer = await fetch(`${carillon.url}${path}`, {
    method,
    headers: { authorization: `Key ${key}`, 'user-agent': 'audit/1' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

function call(method: string, path: string, body?: object) {
  return send(method, path, carillon.appKey, body);
}

interface Told {
  readonly action: string;
  readonly metadata: unknown;
}

/** What the log tells of targets of one type; checked to be by the app's key and about the app. */
async function toldOf(type: string): Promise<Told[]> {
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const path = `/organizations/${carillon.organizationId}/audit_logs?start_time=${since}&target_types=${type}`;
  const { body } = await send('GET', path, carillon.organizationKey);
  for (const entry of body.audit_logs) {
    expect(entry).toMatchObject({
      app_id: carillon.appId,
      actor: { type: 'api_key', name: 'First key' },
      context: { ip: '127.0.0.1', user_agent: 'audit/1' },
    });
  }
  expect(JSON.stringify(body)).not.toContain(PASSWORD);
  return body.audit_logs.map(({ action, metadata }: Told) => ({ action, metadata }));
}

test('changes of templates are told, refused ones are not', async () => {
  const app = carillon.appId;
  const made = await call('POST', '/templates', { app_id: app, name: 'T', isEmail: true, email_body: 'Hi' });
  const path = `/templates/${made.body.id}?app_id=${app}`;
  await call('PATCH', path, { email_subject: 'Subject' });
  await call('PATCH', path, { email_subject: 'Subject' });
  await call('PATCH', path, { email_body: '{% if %}' });
  await call('DELETE', path);
  expect((await call('DELETE', path)).status).toBe(404);
  expect(await toldOf('template')).toEqual([
    { action: 'template.created', metadata: {} },
    { action: 'template.updated', metadata: { changes: { email_subject: { from: null, to: 'Subject' } } } },
    { action: 'template.deleted', metadata: {} },
  ]);
});

test('changes of segments are told, without addresses of people', async () => {
  const path = `/apps/${carillon.appId}/segments`;
  const filters = [{ field: 'email', value: 'somebody@example.com' }];
  const made = await call('POST', path, { name: 'S', filters: [{ field: 'test_user', relation: 'exists' }] });
  const one = `${path}/${made.body.id}`;
  await call('PATCH', one, { name: 'S', filters });
  await call('PATCH', one, { name: 'Some', description: 'whom we know' });
  for (const action of ['pause', 'pause', 'resume']) await call('POST', `${one}/${action}`);
  await call('DELETE', one);
  expect((await call('DELETE', one)).status).toBe(404);
  const told = await toldOf('segment');
  expect(told.map(({ action }) => action)).toEqual([
    'segment.created',
    'segment.updated',
    'segment.updated',
    'segment.paused',
    'segment.resumed',
    'segment.deleted',
  ]);
  expect(JSON.stringify(told)).not.toContain('somebody@example.com');
  expect(told[2]?.metadata).toEqual({
    changes: { name: { from: 'S', to: 'Some' }, description: { from: null, to: 'whom we know' } },
  });
});

test('changes of journeys are told, with their state', async () => {
  const path = `/apps/${carillon.appId}/journeys`;
  const audience = { kind: 'event_trigger', name: 'signup' };
  const nodes = [{ kind: 'wait', duration_seconds: 60 }];
  const made = await call('POST', path, { name: 'J', audience, nodes });
  const one = `${path}/${made.body.id}`;
  await call('PATCH', one, { state: 'active', name: 'Journey' });
  await call('DELETE', one);
  expect(await toldOf('journey')).toEqual([
    { action: 'journey.created', metadata: {} },
    {
      action: 'journey.updated',
      metadata: { changes: { name: { from: 'J', to: 'Journey' }, state: { from: 'draft', to: 'active' } } },
    },
    { action: 'journey.deleted', metadata: {} },
  ]);
});

test('changes of providers are told without their passwords', async () => {
  const path = `/apps/${carillon.appId}/channels/email`;
  const smtp = {
    kind: 'smtp',
    host: 'smtp.example.com',
    port: 587,
    security: 'starttls',
    user: 'carillon',
    password: PASSWORD,
    from_address: 'hello@example.com',
  };
  await call('PUT', path, smtp);
  await call('PUT', path, { ...smtp, password: `${PASSWORD}2`, port: 465, security: 'tls' });
  await call('PUT', path, { ...smtp, password: `${PASSWORD}2`, port: 465, security: 'tls' });
  await call('DELETE', path);
  await call('DELETE', path);
  const told = await toldOf('provider_account');
  expect(told.map(({ action }) => action)).toEqual([
    'provider_account.updated',
    'provider_account.updated',
    'provider_account.deleted',
  ]);
  expect(told[0]?.metadata).toMatchObject({
    changes: { host: { from: null, to: 'smtp.example.com' }, password: { from: null, to: 'set' } },
  });
  expect(told[1]?.metadata).toEqual({
    changes: {
      port: { from: 587, to: 465 },
      security: { from: 'starttls', to: 'tls' },
      password: { from: 'set', to: 'set anew' },
    },
  });
});
