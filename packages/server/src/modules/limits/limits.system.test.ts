import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import type { RateClass, RateLimit } from '@carillon/wire';
import { pino } from 'pino';
import { systemClock } from '../../platform/clock.ts';
import { Database, statement } from '../../platform/database/database.ts';
import type { Statement } from '../../platform/database/database.ts';
import { createHttpServer } from '../../platform/http/server.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { createApiKey, createApp, createAuthenticator, bootstrap } from '../accounts/index.ts';
import type { FirstAccount } from '../accounts/index.ts';
import { createLimiter, limitJobs, rateLimitRoutes } from './index.ts';

/** Long enough that a test stays within one; `ofOneWindow` sees to it. */
const HOUR = 3_600;
const DEFAULTS: Readonly<Record<RateClass, RateLimit>> = {
  messages: { limit: 5, window_seconds: HOUR },
  users: { limit: 1_000, window_seconds: HOUR },
  views: { limit: 100, window_seconds: 1 },
  events: { limit: null, window_seconds: 1 },
  bulk: { limit: 5, window_seconds: HOUR },
  exports: { limit: 5, window_seconds: HOUR },
  management: { limit: null, window_seconds: 1 },
  anonymous: { limit: 20, window_seconds: HOUR },
};

/** A process of the platform, as far as limits go. */
interface Process {
  readonly server: HttpServer;
  readonly database: CountingDatabase;
  readonly lines: Record<string, unknown>[];
}

class CountingDatabase extends Database {
  reservations = 0;

  override async rows<Row extends object>(asked: Statement, values?: readonly unknown[]): Promise<Row[]> {
    if (asked.name === 'rate-windows.reserve') this.reservations += 1;
    return super.rows<Row>(asked, values);
  }
}

const windowNow = statement('test.window', `select floor(extract(epoch from now()) / $1)::int as "window"`);
const emptyWindows = statement('test.empty-windows', 'delete from rate_windows');
const agedWindows = statement('test.aged-windows', 'update rate_windows set ends_at = 0 where class = $1');
const countWindows = statement(
  'test.count-windows',
  'select class, address from rate_windows order by class, address',
);
const renamed = (from: string, to: string) =>
  statement(`test.rename-${from}`, `alter table ${from} rename to ${to}`);

let db: TestDatabase;
let first: FirstAccount;
let one: Process;
let other: Process;

beforeAll(async () => {
  db = await createTestDatabase();
  first = (await bootstrap(db.database, systemClock))!;
  one = await startProcess();
  other = await startProcess();
});
afterAll(async () => {
  for (const { server, database } of [one, other]) {
    await server.close();
    await database.end();
  }
  await db.drop();
});

async function startProcess(): Promise<Process> {
  const lines: Record<string, unknown>[] = [];
  const log = pino(
    { level: 'warn' },
    { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const database = new CountingDatabase({ url: db.url, connections: 4, applicationName: 'limits test' });
  const counting = { database, clock: systemClock, log, limits: DEFAULTS };
  const server = await createHttpServer({
    routes: [
      rateLimitRoutes(counting),
      (http) => {
        const basic = { access: 'app', envelope: 'basic', rate: 'messages' } as const;
        http.post('/notifications', { config: basic }, () => ({}));
        http.delete('/notifications/:id', { config: basic }, () => ({}));
        http.post('/apps/:app_id/users', { config: { access: 'public', rate: 'users' } }, () => ({}));
        http.get('/apps/:app_id/users', { config: { access: 'public' } }, () => ({}));
        http.post('/apps/:app_id/custom_events', { config: { access: 'app', rate: 'events' } }, () => ({}));
      },
    ],
    authenticator: createAuthenticator(database, systemClock),
    limiter: createLimiter(counting),
    log,
    clock: systemClock,
    trustedProxies: ['127.0.0.1'],
  });
  return { server, database, lines };
}

/** A new app and its key: each test has budgets of its own. */
async function newApp(): Promise<{ id: string; key: string }> {
  const { organizationId } = first;
  const { id } = await createApp(db.database, systemClock, { organizationId, name: 'Limited' });
  const { formatted_token: key } = await createApiKey(
    db.database,
    systemClock,
    { organizationId, appId: id },
    { name: 'k' },
  );
  return { id, key };
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

async function call(
  { server }: Process,
  method: Method,
  url: string,
  { key, from, body }: { key?: string; from?: string; body?: object } = {},
) {
  const answer = await server.http.inject({
    method,
    url,
    headers: {
      ...(key !== undefined && { authorization: `Key ${key}` }),
      ...(from !== undefined && { 'x-forwarded-for': from }),
    },
    ...(body !== undefined && { payload: body }),
  });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: answer.json() as Record<string, unknown>,
  };
}

/** Sends so many requests from so many callers at a time, to both processes in turn; counts the statuses. */
async function hammer(count: number, callers: number, send: (to: Process) => Promise<{ status: number }>) {
  const statuses = new Map<number, number>();
  let left = count;
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      const { status } = await send(left % 2 === 0 ? one : other);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { admitted: statuses.get(200) ?? 0, refused: statuses.get(429) ?? 0 };
}

async function databaseWindow(seconds: number): Promise<number> {
  const rows = await db.database.rows<{ window: number }>(windowNow, [seconds]);
  return rows[0]?.window ?? 0;
}

/** Runs `work` again when an hour ended while it ran. */
async function ofOneWindow<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    const before = await databaseWindow(HOUR);
    const result = await work();
    if ((await databaseWindow(HOUR)) === before) return result;
  }
}

function sendMessage({ id, key }: { id: string; key: string }, to: Process = one) {
  return call(to, 'POST', '/notifications', { key, body: { app_id: id } });
}

function setLimits(app: string, body: object, to: Process = one) {
  return call(to, 'PATCH', `/apps/${app}/rate_limits`, { key: first.organizationKey, body });
}

describe('two processes', () => {
  test('hammered together let in exactly the limit, and ask the database rarely', async () => {
    await ofOneWindow(async () => {
      const app = await newApp();
      const before = one.database.reservations + other.database.reservations;
      const { admitted, refused } = await hammer(4_000, 40, (to) =>
        call(to, 'POST', `/apps/${app.id}/users`, { key: app.key }),
      );
      expect({ admitted, refused }).toEqual({ admitted: 1_000, refused: 3_000 });
      // A window of an hour: each process asks for parts until nothing is left, then once a second.
      expect(one.database.reservations + other.database.reservations - before).toBeLessThan(200);
    });
  });

  test('let in no more than the limit in any window of a second, and go on in the next', async () => {
    const app = await newApp();
    const begin = await databaseWindow(1);
    let admitted = 0;
    await until('three windows have been used up', async () => {
      const round = await hammer(200, 20, (to) => call(to, 'GET', `/apps/${app.id}/users`, { key: app.key }));
      admitted += round.admitted;
      return admitted > 300;
    });
    const windows = (await databaseWindow(1)) - begin + 1;
    expect(admitted).toBeLessThanOrEqual(100 * windows);
  });

  test('share a limit that is smaller than their number of requests at once', async () => {
    await ofOneWindow(async () => {
      const app = await newApp();
      await setLimits(app.id, { users: { limit: 3, window_seconds: HOUR } });
      const { admitted } = await hammer(60, 60, (to) =>
        call(to, 'POST', `/apps/${app.id}/users`, { key: app.key }),
      );
      expect(admitted).toBe(3);
    });
  });
});

describe('a limit', () => {
  test('of messages is shared by creating and cancelling, and by nothing else', async () => {
    await ofOneWindow(async () => {
      const app = await newApp();
      const { id, key } = app;
      for (let count = 0; count < 3; count += 1) await sendMessage(app);
      const cancel = `/notifications/1?app_id=${id}`;
      expect((await call(other, 'DELETE', cancel, { key })).headers).toMatchObject({
        'ratelimit-limit': '5',
        'ratelimit-remaining': '1',
      });
      expect((await call(one, 'DELETE', cancel, { key })).status).toBe(200);
      const refused = await sendMessage(app, other);
      expect([refused.status, refused.body]).toEqual([429, { errors: ['API rate limit exceeded'] }]);
      const seconds = Number(refused.headers['retry-after']);
      expect(Number.isInteger(seconds) && seconds >= 1 && seconds <= HOUR).toBe(true);
      expect(refused.headers['ratelimit-reset']).toBe(String(seconds));
      expect((await call(one, 'GET', `/apps/${id}/users`, { key })).status).toBe(200);
    });
  });

  test('is the same for every key of an app, and another for another app', async () => {
    await ofOneWindow(async () => {
      const [app, neighbour] = [await newApp(), await newApp()];
      for (let count = 0; count < 5; count += 1) await sendMessage(app);
      expect((await sendMessage(app)).status).toBe(429);
      expect((await sendMessage({ ...app, key: first.organizationKey })).status).toBe(429);
      expect((await sendMessage(neighbour)).status).toBe(200);
    });
  });

  test('that is off is not told and not counted', async () => {
    const { id, key } = await newApp();
    const { status, headers } = await call(one, 'POST', `/apps/${id}/custom_events`, { key });
    expect([status, headers['ratelimit-limit']]).toEqual([200, undefined]);
    const rows = await db.database.rows<{ class: string }>(countWindows);
    expect(rows.map((row) => row.class)).not.toContain('events');
  });

  test('is there again when its window is over', async () => {
    const { id, key } = await newApp();
    await setLimits(id, { users: { limit: 1, window_seconds: 1 } });
    const send = () => call(one, 'POST', `/apps/${id}/users`, { key });
    const refused = await until('a request is refused', async () => {
      const answer = await send();
      return answer.status === 429 && answer;
    });
    expect(refused.headers['retry-after']).toBe('1');
    await until('a request is let in again', async () => (await send()).status === 200);
  });
});

describe('without a key', () => {
  test('each client address has a limit of its own, which no key shares', async () => {
    await ofOneWindow(async () => {
      const { id, key } = await newApp();
      const from = (address: string) => (to: Process) =>
        call(to, 'POST', `/apps/${id}/users`, { from: address });
      expect(await hammer(50, 10, from('198.51.100.7'))).toEqual({ admitted: 20, refused: 30 });
      expect(await hammer(50, 10, from('198.51.100.8'))).toEqual({ admitted: 20, refused: 30 });
      expect((await call(one, 'POST', `/apps/${id}/users`, { key })).status).toBe(200);
      const { status, body } = await from('198.51.100.7')(one);
      expect([status, body]).toEqual([
        429,
        { errors: [{ code: 'Rate Limit Exceeded', title: 'API rate limit exceeded' }] },
      ]);
    });
  });

  test('many addresses with a few requests each cost the database nothing, one with many is held', async () => {
    await ofOneWindow(async () => {
      const { id } = await newApp();
      // A 64th of it, 2 requests, is let in before a process asks.
      await setLimits(id, { anonymous: { limit: 128, window_seconds: HOUR } });
      const before = one.database.reservations + other.database.reservations;
      let client = 0;
      const { admitted } = await hammer(400, 20, (to) => {
        client += 1;
        return call(to, 'POST', `/apps/${id}/users`, { from: `203.0.${client >> 8}.${client & 255}` });
      });
      expect(admitted).toBe(400);
      // What the app's limit is, once a second in each process.
      expect(one.database.reservations + other.database.reservations - before).toBeLessThan(20);
      const many = await hammer(400, 20, (to) =>
        call(to, 'POST', `/apps/${id}/users`, { from: '198.51.100.7' }),
      );
      expect(many.admitted).toBeGreaterThanOrEqual(128);
      expect(many.admitted).toBeLessThanOrEqual(128 + 2);
    });
  });

  test('one network of IPv6 is one client', async () => {
    await ofOneWindow(async () => {
      const { id } = await newApp();
      let host = 0;
      const { admitted } = await hammer(50, 10, (to) =>
        call(to, 'POST', `/apps/${id}/users`, { from: `2001:db8::${(host += 1)}` }),
      );
      expect(admitted).toBe(20);
    });
  });
});

describe('limits of an app', () => {
  test('are those of the server until they are set, and again when they are given back', async () => {
    const { id } = await newApp();
    const path = `/apps/${id}/rate_limits`;
    const key = first.organizationKey;
    const before = await call(one, 'GET', path, { key });
    expect(before.body['messages']).toEqual({ limit: 5, window_seconds: HOUR, source: 'server' });
    expect(before.body['events']).toEqual({ limit: null, window_seconds: 1, source: 'server' });
    const set = await setLimits(id, { messages: { limit: 2, window_seconds: 60 }, users: { limit: null } });
    expect(set.status).toBe(200);
    expect(set.body).toEqual({
      ...before.body,
      messages: { limit: 2, window_seconds: 60, source: 'app' },
      users: { limit: null, window_seconds: 1, source: 'app' },
    });
    expect((await call(other, 'GET', path, { key })).body).toEqual(set.body);
    await setLimits(id, { messages: null, users: null });
    expect((await call(one, 'GET', path, { key })).body).toEqual(before.body);
  });

  test('hold in every process, also in one that has just let requests in', async () => {
    const { id, key } = await newApp();
    const send = (to: Process) => call(to, 'POST', `/apps/${id}/users`, { key });
    expect([(await send(one)).status, (await send(other)).status]).toEqual([200, 200]);
    await setLimits(id, { users: { limit: 0 } }, one);
    for (const to of [one, other]) {
      await until('it refuses everything', async () => (await send(to)).status === 429);
    }
    await setLimits(id, { users: { limit: null } }, other);
    for (const to of [one, other]) {
      const open = await until('it has no limit', async () => {
        const answer = await send(to);
        return answer.status === 200 && answer;
      });
      expect(open.headers['ratelimit-limit']).toBeUndefined();
    }
  });

  test.each([
    [{ message: { limit: 1 } }, 'message is not known here: remove it'],
    [{ messages: { limit: -1 } }, 'messages.limit must be at least 0'],
    [{ messages: { limit: 1_000_001 } }, 'messages.limit must be at most 1000000'],
    [{ messages: { limit: '5' } }, 'messages.limit must be an integer or null, not a string'],
    [{ messages: { limit: 5, window_seconds: 0 } }, 'messages.window_seconds must be at least 1'],
    [{ messages: { window_seconds: 60 } }, 'messages.limit is required'],
    [{ messages: { limit: 5, per: 'second' } }, 'messages.per is not known here: remove it'],
    [{ messages: 5 }, 'messages must be an object or null, not a number'],
  ])('refuse %j and change nothing', async (body, title) => {
    const { id } = await newApp();
    const { status, body: answer } = await setLimits(id, { users: { limit: 1 }, ...body });
    expect([status, answer]).toEqual([400, { errors: [{ code: 'request-invalid', title }] }]);
    const { body: now } = await call(one, 'GET', `/apps/${id}/rate_limits`, { key: first.organizationKey });
    expect(now['users']).toMatchObject({ source: 'server' });
  });

  test('are for keys of the organization', async () => {
    const { id, key } = await newApp();
    for (const method of ['GET', 'PATCH'] as const) {
      const body = method === 'PATCH' ? { body: {} } : {};
      expect((await call(one, method, `/apps/${id}/rate_limits`, { key, ...body })).status).toBe(401);
      expect((await call(one, method, `/apps/${id}/rate_limits`, body)).status).toBe(401);
    }
  });

  test('can be opened again when everything was closed', async () => {
    const { id, key } = await newApp();
    const closed = Object.fromEntries(Object.keys(DEFAULTS).map((rate) => [rate, { limit: 0 }]));
    await setLimits(id, closed);
    await until(
      'the app is closed',
      async () => (await call(one, 'GET', `/apps/${id}/users`, { key })).status === 429,
    );
    expect((await setLimits(id, { views: null })).status).toBe(200);
    await until(
      'it is open again',
      async () => (await call(one, 'GET', `/apps/${id}/users`, { key })).status === 200,
    );
  });
});

test('without the database everything is let in, and the log says when that begins and ends', async () => {
  const app = await newApp();
  await setLimits(app.id, { messages: { limit: 0 } });
  const send = () => sendMessage(app);
  expect((await send()).status).toBe(429);
  one.lines.length = 0;
  await db.database.run(renamed('rate_windows', 'rate_windows_away'));
  try {
    await until('a request is let in', async () => (await send()).status === 200);
    for (let count = 0; count < 10; count += 1) expect((await send()).status).toBe(200);
  } finally {
    await db.database.run(renamed('rate_windows_away', 'rate_windows'));
  }
  await until('requests are counted again', async () => (await send()).status === 429);
  expect(one.lines.map(({ msg }) => msg)).toEqual([
    'rate limits are off: the database does not count',
    'rate limits are on again',
  ]);
});

test('windows that are over are forgotten, with the addresses of clients', async () => {
  await db.database.run(emptyWindows);
  const { id, key } = await newApp();
  await call(one, 'POST', `/apps/${id}/users`, { from: '198.51.100.9' });
  await call(one, 'POST', `/apps/${id}/users`, { key });
  expect(await db.database.rows(countWindows)).toEqual([
    { class: 'anonymous', address: '' },
    { class: 'anonymous', address: '198.51.100.9' },
    { class: 'users', address: '' },
  ]);
  await db.database.run(agedWindows, ['anonymous']);
  for (const job of limitJobs(db.database)) await job.run(AbortSignal.timeout(60_000));
  expect(await db.database.rows(countWindows)).toEqual([{ class: 'users', address: '' }]);
});
