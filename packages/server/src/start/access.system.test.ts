import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { pino } from 'pino';
import { createApiKey, createApp, createOrganization } from '../modules/accounts/index.ts';
import { systemClock } from '../platform/clock.ts';
import { loadConfig } from '../platform/config/index.ts';
import { newMasterKey } from '../platform/crypto/index.ts';
import { startCarillon } from './start.ts';
import type { Carillon } from './start.ts';

const NO_AUTHORIZATION = 'Please include a case-sensitive header of Authorization';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly security: readonly object[];
  /** The shape of each answer, by status. */
  readonly responses: Readonly<Record<string, { content?: Readonly<Record<string, { schema: object }>> }>>;
}

let db: TestDatabase;
let carillon: Carillon;
let operations: Operation[];
/** Another organization's key, and the key of one of its apps. */
let strangers: string[];
/** The key of another app of the same organization. */
let sibling: string;

beforeAll(async () => {
  db = await createTestDatabase();
  const config = loadConfig({
    DATABASE_URL: db.url,
    CARILLON_MASTER_KEY: newMasterKey(),
    CARILLON_PORT: '0',
    CARILLON_ROLE: 'api',
  });
  carillon = await startCarillon(config, { log: pino({ level: 'silent' }) });
  const organizationId = await createOrganization(db.database, systemClock, { name: 'Strangers' });
  strangers = [await newKey(organizationId, null), await newAppKey(organizationId)];
  sibling = await newAppKey(carillon.organizationId!);
  operations = await readOperations();
});

afterAll(async () => {
  await carillon.stop();
  await db.drop();
});

async function newKey(organizationId: string, appId: string | null): Promise<string> {
  const owner = { organizationId, appId };
  return (await createApiKey(db.database, systemClock, owner, { name: 'k' })).formatted_token;
}

async function newAppKey(organizationId: string): Promise<string> {
  const app = await createApp(db.database, systemClock, { organizationId, name: 'Another' });
  return newKey(organizationId, app.id);
}

async function readOperations(): Promise<Operation[]> {
  const answer = await fetch(`${carillon.url}/openapi.json`);
  const { paths } = (await answer.json()) as {
    paths: Record<string, Record<string, Pick<Operation, 'security' | 'responses'>>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security, responses }]) => ({
      method: method.toUpperCase(),
      path,
      security,
      responses,
    })),
  );
}

/** Files, and what has no end. */
const NO_JSON = ['text/csv', 'text/event-stream', 'application/schema+json'];

/** Calls an operation about the first app; other names in the path are any id. */
async function call(operation: Operation, key: string | null): Promise<number> {
  return (await ask(operation, key)).status;
}

/** Segments tell a caller without a key of the header with 400, as documented. */
async function isTurnedAway(operation: Operation, key: string | null): Promise<boolean> {
  const { status, body } = await ask(operation, key);
  return status === 401 || status === 403 || (key === null && body.includes(NO_AUTHORIZATION));
}

async function ask({ method, path }: Operation, key: string | null) {
  const filled = path
    .replaceAll('{app_id}', carillon.appId!)
    .replaceAll('{organization_id}', carillon.organizationId!)
    .replace(/\{\w+\}/g, '99999999-9999-4999-8999-999999999999');
  const takesBody = method !== 'GET' && method !== 'HEAD';
  const answer = await fetch(`${carillon.url}${filled}?app_id=${carillon.appId}`, {
    method,
    headers: key === null ? {} : { authorization: `Key ${key}` },
    ...(takesBody ? { body: JSON.stringify({ app_id: carillon.appId }) } : {}),
  });
  const { status, headers } = answer;
  if (headers.get('content-type')?.startsWith('text/event-stream')) {
    // It has no end.
    await answer.body?.cancel();
    return { status, headers, body: '' };
  }
  return { status, headers, body: await answer.text() };
}

/** Named by its path, by its query, or by its body. What is open to anyone with a link names none. */
function isAboutApp({ path, security }: Operation): boolean {
  return path.includes('{app_id}') || security.length === 2;
}

function needsOrganizationKey({ security }: Operation): boolean {
  return security.length === 1;
}

/** Those that did not turn this key away. */
async function openedBy(key: string | null, which: readonly Operation[]): Promise<string[]> {
  const opened: string[] = [];
  for (const operation of which) {
    if (await isTurnedAway(operation, key)) continue;
    opened.push(`${operation.method} ${operation.path}`);
  }
  return opened;
}

test('every operation that needs a key refuses a caller without one', async () => {
  const closed = operations.filter(({ security }) => security.length > 0);
  expect(closed.length).toBeGreaterThan(15);
  expect(await openedBy(null, closed)).toEqual([]);
});

test('every operation about an app refuses keys of another organization, also those open to devices', async () => {
  for (const key of strangers) expect(await openedBy(key, operations.filter(isAboutApp))).toEqual([]);
});

test('every operation about an app refuses the key of another app of the same organization', async () => {
  expect(await openedBy(sibling, operations.filter(isAboutApp))).toEqual([]);
});

test('every operation about an organization refuses the key of another one', async () => {
  const named = operations.filter(({ path }) => path.includes('{organization_id}'));
  expect(named.length).toBeGreaterThan(5);
  for (const key of strangers) expect(await openedBy(key, named)).toEqual([]);
});

test('every operation that needs an organization’s key refuses the keys of its apps', async () => {
  for (const key of [carillon.appKey, sibling]) {
    expect(await openedBy(key, operations.filter(needsOrganizationKey))).toEqual([]);
  }
});

test('no operation answers with a fault of ours', async () => {
  for (const operation of operations) {
    const status = await call(operation, carillon.appKey);
    expect.soft(status, `${operation.method} ${operation.path}`).toBeLessThan(500);
  }
});

// The documented API answers tokens of live activities with 204, and who calls that reads no body.
test('every operation tells what JSON it answers a success with, or is 204: clients fail on an empty body', () => {
  for (const { method, path, responses } of operations) {
    const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
    expect.soft(successes.length, `${method} ${path}`).toBeGreaterThan(0);
    for (const [status, { content }] of successes) {
      if (status === '204' || NO_JSON.some((type) => content?.[type] !== undefined)) continue;
      const json = content?.['application/json'] ?? content?.['application/x-ndjson'];
      const { type, anyOf } = (json?.schema ?? {}) as {
        type?: string;
        anyOf?: unknown;
      };
      expect
        .soft(type ?? (anyOf && 'union'), `${method} ${path} ${status}`)
        .toMatch(/^(object|array|union)$/);
    }
  }
});

test('every operation is counted but those that say that they have no limit', async () => {
  const notCounted = [];
  for (const operation of operations) {
    const { headers } = await ask(operation, carillon.organizationKey);
    if (!headers.has('ratelimit-limit')) notCounted.push(`${operation.method} ${operation.path}`);
  }
  expect(notCounted).toEqual([
    'GET /apps/{app_id}/rate_limits',
    'PATCH /apps/{app_id}/rate_limits',
    'PUT /notifications/{message_id}',
    'PUT /notifications/{message_id}/report_received',
  ]);
});

test('nor does one that the organization’s key opens', async () => {
  for (const operation of operations.filter(needsOrganizationKey)) {
    const status = await call(operation, carillon.organizationKey);
    expect.soft(status, `${operation.method} ${operation.path}`).toBeLessThan(500);
  }
});

test('an app tells how many subscriptions it has and how many can be sent to', async () => {
  const headers = { authorization: `Key ${carillon.appKey}`, 'content-type': 'application/json' };
  for (const [token, enabled] of [
    ['one@example.com', true],
    ['two@example.com', false],
  ] as const) {
    const created = await fetch(`${carillon.url}/apps/${carillon.appId}/users`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ subscriptions: [{ type: 'Email', token, enabled }] }),
    });
    await created.arrayBuffer();
  }
  const app = await fetch(`${carillon.url}/apps/${carillon.appId}`, { headers });
  expect(await app.json()).toMatchObject({ players: 2, messageable_players: 1 });
  const apps = await fetch(`${carillon.url}/apps`, {
    headers: { authorization: `Key ${carillon.organizationKey}` },
  });
  expect(await apps.json()).toMatchObject([
    { id: carillon.appId, players: 2, messageable_players: 1 },
    { name: 'Another', players: 0, messageable_players: 0 },
  ]);
});
