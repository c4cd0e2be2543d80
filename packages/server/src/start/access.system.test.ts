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
/** Keys of another organization and of one of its apps. */
let strangers: string[];

beforeAll(async () => {
  db = await createTestDatabase();
  const config = loadConfig({
    DATABASE_URL: db.url,
    CARILLON_MASTER_KEY: newMasterKey(),
    CARILLON_PORT: '0',
    CARILLON_ROLE: 'api',
  });
  carillon = await startCarillon(config, { log: pino({ level: 'silent' }) });
  const { database } = db;
  const organizationId = await createOrganization(database, systemClock, { name: 'Strangers' });
  const app = await createApp(database, systemClock, { organizationId, name: 'Theirs' });
  const keys = [null, app.id].map((appId) =>
    createApiKey(database, systemClock, { organizationId, appId }, { name: 'k' }),
  );
  strangers = (await Promise.all(keys)).map(({ formatted_token: secret }) => secret);
  operations = await readOperations();
});

afterAll(async () => {
  await carillon.stop();
  await db.drop();
});

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

/** Calls an operation about the first app; other names in the path are any id. */
async function call(operation: Operation, key: string | null): Promise<number> {
  return (await ask(operation, key)).status;
}

async function ask({ method, path }: Operation, key: string | null): Promise<Response> {
  const filled = path
    .replaceAll('{app_id}', carillon.appId!)
    .replace(/\{\w+\}/g, '99999999-9999-4999-8999-999999999999');
  const takesBody = method !== 'GET' && method !== 'HEAD';
  const answer = await fetch(`${carillon.url}${filled}?app_id=${carillon.appId}`, {
    method,
    headers: key === null ? {} : { authorization: `Key ${key}` },
    ...(takesBody ? { body: JSON.stringify({ app_id: carillon.appId }) } : {}),
  });
  await answer.arrayBuffer();
  return answer;
}

test('the API has operations that need a key', () => {
  expect(operations.filter(({ security }) => security.length > 0).length).toBeGreaterThan(15);
});

test('every operation that needs a key refuses a caller without one', async () => {
  for (const operation of operations) {
    if (operation.security.length === 0) continue;
    expect.soft([401, 403], `${operation.method} ${operation.path}`).toContain(await call(operation, null));
  }
});

test('every operation about an app refuses keys of another organization, also those open to devices', async () => {
  for (const operation of operations) {
    // Named by its organization alone, or open to anyone with a link.
    const needsApp = operation.path.includes('{app_id}') || operation.security.length === 2;
    if (!needsApp) continue;
    for (const key of strangers) {
      expect.soft([401, 403], `${operation.method} ${operation.path}`).toContain(await call(operation, key));
    }
  }
});

test('no operation answers with a fault of ours', async () => {
  for (const operation of operations) {
    const status = await call(operation, carillon.appKey);
    expect.soft(status, `${operation.method} ${operation.path}`).toBeLessThan(500);
  }
});

test('every operation tells what JSON it answers a success with: clients fail on an empty body', () => {
  for (const { method, path, responses } of operations) {
    const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
    expect.soft(successes.length, `${method} ${path}`).toBeGreaterThan(0);
    for (const [status, { content }] of successes) {
      const { type, anyOf } = (content?.['application/json']?.schema ?? {}) as {
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
  expect(notCounted).toEqual(['GET /apps/{app_id}/rate_limits', 'PATCH /apps/{app_id}/rate_limits']);
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
  expect(await apps.json()).toMatchObject([{ id: carillon.appId, players: 2, messageable_players: 1 }]);
});
