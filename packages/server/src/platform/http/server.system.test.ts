import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { Writable } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { FakeClock } from '@carillon/test-kit';
import { Type } from 'typebox';
import { createLog } from '../log.ts';
import { ApiError } from './api-error.ts';
import type { Credentials, Denial, Principal, Routes } from './route.ts';
import { DEFAULT_LIMITS, createHttpServer } from './server.ts';
import type { HttpServer, HttpServerOptions } from './server.ts';

const APP = '11111111-1111-4111-8111-111111111111';
const OTHER = '22222222-2222-4222-8222-222222222222';

const running: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

/** Lets in whoever presents `Key good`, and notes what it was asked. */
function gate() {
  const asked: Credentials[] = [];
  const authenticate = async (credentials: Credentials): Promise<Principal | Denial> => {
    asked.push(credentials);
    if (credentials.access === 'public') return { kind: 'anonymous' };
    if (credentials.authorization !== 'Key good') return 'denied';
    return { kind: 'app-key', keyId: 'k', appId: credentials.appId ?? '', organizationId: 'o' };
  };
  return { asked, authenticator: { authenticate } };
}

async function start(routes: Routes, options: Partial<HttpServerOptions> = {}) {
  const lines: Record<string, unknown>[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  const { asked, authenticator } = gate();
  const server = await createHttpServer({
    routes: [routes],
    authenticator,
    log: createLog({ level: 'info', destination }),
    clock: new FakeClock(),
    ...options,
  });
  running.push(server);
  return { server, asked, lines, url: await server.listen({ host: '127.0.0.1', port: 0 }) };
}

const send: Routes = (http) => {
  http.post(
    '/notifications',
    {
      config: { access: 'app', envelope: 'basic' },
      schema: { body: Type.Object({ app_id: Type.String(), name: Type.Optional(Type.String()) }) },
    },
    async ({ appId, body }) => ({ appId, name: body.name ?? null }),
  );
  http.get(
    '/apps/:app_id/things/:id',
    {
      config: { access: 'app' },
      schema: { params: Type.Object({ app_id: Type.String(), id: Type.String() }) },
    },
    async ({ appId, params }) => ({ appId, id: params.id }),
  );
  http.post('/apps/:app_id/export', { config: { access: 'app', envelope: 'basic' } }, async ({ body }) => ({
    body: body ?? null,
  }));
};

function post(url: string, body: string, headers: Record<string, string> = {}) {
  return fetch(url, { method: 'POST', body, headers: { authorization: 'Key good', ...headers } });
}

describe('a route', () => {
  test.each(['', '/api/v1', '/', '//'])('answers under the prefix %j', async (prefix) => {
    const { url } = await start(send);
    const path = `${prefix}/apps/${APP}/things/a%2Fb%20c`.replace(/^\/{2,}/, '//');
    const answer = await fetch(`${url}${path}`, { headers: { authorization: 'Key good' } });
    expect(await answer.json()).toEqual({ appId: APP, id: 'a/b c' });
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  test('without a declared access keeps the server from starting', async () => {
    await expect(start((http) => void http.get('/open', () => 1))).rejects.toThrow(
      'Route GET /open does not say who may call it',
    );
  });

  test('takes whatever the client says it accepts', async () => {
    const { url } = await start(send);
    const headers = { authorization: 'Key good', accept: 'application/vnd.onesignal.v1+json' };
    expect((await fetch(`${url}/apps/${APP}/things/1`, { headers })).status).toBe(200);
  });

  test('takes parameters as long as a web push endpoint and in any script', async () => {
    const { url } = await start(send);
    const id = `https://push.example/${'x'.repeat(1_000)}/ß漢🙂`;
    const answer = await fetch(`${url}/apps/${APP}/things/${encodeURIComponent(id)}`, {
      headers: { authorization: 'Key good' },
    });
    expect(await answer.json()).toEqual({ appId: APP, id });
  });
});

describe('a body', () => {
  const body = JSON.stringify({ app_id: APP, name: 'x' });

  test.each([
    ['application/json; charset=utf-8'],
    ['application/json;charset=UTF-8'],
    ['text/plain'],
    ['application/vnd.api+json'],
    ['application/x-www-form-urlencoded'],
  ])('is read as JSON under Content-Type %s', async (type) => {
    const { url } = await start(send);
    const answer = await post(`${url}/notifications?c=push`, body, { 'content-type': type });
    expect(await answer.json()).toEqual({ appId: APP, name: 'x' });
  });

  test('is read as JSON without any Content-Type', async () => {
    const { url } = await start(send);
    const answer = await fetch(`${url}/notifications`, {
      method: 'POST',
      body: new TextEncoder().encode(body),
      headers: { authorization: 'Key good' },
    });
    expect(await answer.json()).toEqual({ appId: APP, name: 'x' });
  });

  test('may be empty under application/json where none is asked for', async () => {
    const { url } = await start(send);
    const headers = { 'content-type': 'application/json' };
    expect(await (await post(`${url}/apps/${APP}/export`, '', headers)).json()).toEqual({ body: null });
  });

  test('that is no JSON says where it breaks off', async () => {
    const { url } = await start(send);
    const answer = await post(`${url}/notifications`, '{"app_id": ', { 'content-type': 'application/json' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      errors: [expect.stringMatching(/^The request body is not valid JSON: /)],
    });
  });

  test('in another form leads to the documented hint', async () => {
    const { url } = await start(send);
    const answer = await post(`${url}/notifications`, `app_id=${APP}`, {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      errors: ['app_id not found. You may be missing a Content-Type: application/json header.'],
      reference: ['/docs/accounts-and-keys#section-keys-ids'],
    });
  });

  test('that is too large is told the limit', async () => {
    const { url } = await start(send, { limits: { ...DEFAULT_LIMITS, bodyBytes: 100 } });
    const answer = await post(`${url}/notifications`, JSON.stringify({ app_id: APP, name: 'x'.repeat(200) }));
    expect(answer.status).toBe(413);
    expect(await answer.json()).toEqual({
      errors: ['The request body is larger than 100 bytes. Send it in several requests.'],
    });
  });

  test.each([
    ['NUL', `{"app_id":"${APP}","name":"a\\u0000b"}`, 'name must not contain NUL'],
    ['NUL in a list', `{"app_id":"${APP}","x":[{"y":["", "\\u0000"]}]}`, 'x[0].y[1] must not contain NUL'],
    ['half a surrogate pair', `{"app_id":"${APP}","name":"\\ud83d"}`, 'name must not contain NUL'],
    [
      'too many levels',
      `{"app_id":"${APP}","x":${'['.repeat(80)}${']'.repeat(80)}}`,
      'The request body must not nest deeper than 64 levels',
    ],
  ])('with %s is refused by name', async (_name, text, told) => {
    const { url } = await start(send);
    const answer = await post(`${url}/notifications`, text);
    expect(answer.status).toBe(400);
    const { errors } = (await answer.json()) as { errors: string[] };
    expect(errors[0]?.startsWith(told)).toBe(true);
  });

  test('may hold escaped emoji and a written-out \\u0000', async () => {
    const { url } = await start(send);
    const text = `{"app_id":"${APP}","name":"\\ud83d\\ude00 \\\\u0000"}`;
    expect(await (await post(`${url}/notifications`, text)).json()).toEqual({
      appId: APP,
      name: '😀 \\u0000',
    });
  });

  test('cannot smuggle in a prototype', async () => {
    const { url } = await start((http) => {
      http.post('/echo', { config: { access: 'public' } }, async ({ body }) => ({
        names: Object.getOwnPropertyNames(body),
      }));
    });
    const text = '{"__proto__":{"admin":true},"\\u005f_proto__":1,"a":1}';
    expect(await (await post(`${url}/echo`, text)).json()).toEqual({ names: ['a'] });
  });
});

describe('the caller', () => {
  test('is asked about the app of the path, whatever the body says', async () => {
    const { url, asked } = await start(send);
    await post(`${url}/apps/${APP}/export`, JSON.stringify({ app_id: OTHER }));
    expect(asked).toEqual([{ authorization: 'Key good', access: 'app', appId: APP, ip: '127.0.0.1' }]);
  });

  test('is asked about the app of the query before that of the body', async () => {
    const { url } = await start(send);
    const answer = await post(`${url}/notifications?app_id=${APP}`, JSON.stringify({ app_id: OTHER }));
    expect(await answer.json()).toMatchObject({ appId: APP });
  });

  test('without a key is turned away before the body is read', async () => {
    const { url } = await start(send);
    const answer = await fetch(`${url}/notifications`, { method: 'POST', body: 'not even JSON' });
    expect(answer.status).toBe(403);
  });

  test.each(['5', `${APP}0`, ''])('that names the app %j is told that it is no UUID', async (app) => {
    const { url } = await start(send);
    const answer = await post(`${url}/notifications`, JSON.stringify({ app_id: app }));
    expect([answer.status, await answer.json()]).toEqual([400, { errors: ['app_id must be a valid UUID'] }]);
  });

  test('is told in the words of the route', async () => {
    const { url } = await start((http) => {
      http.get(
        '/segments',
        { config: { access: 'organization', envelope: 'basic', denied: 'authorization-missing' } },
        () => 1,
      );
      http.get('/events', { config: { access: 'organization', denied: 'access-denied-events' } }, () => 1);
    });
    const segments = await fetch(`${url}/segments`);
    expect([segments.status, await segments.json()]).toEqual([
      400,
      { errors: ['Please include a case-sensitive header of Authorization'] },
    ]);
    const events = await fetch(`${url}/events`);
    expect([events.status, events.headers.get('content-type'), await events.text()]).toEqual([
      401,
      'text/plain',
      '',
    ]);
  });
});

describe('what is not there', () => {
  test('is a 404 in JSON', async () => {
    const { url } = await start(send);
    const answer = await fetch(`${url}/api/v1/nothing?secret=1`);
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { errors: ['No such route: GET /api/v1/nothing'] },
    ]);
  });

  test('as a method is a 405 that names those that are', async () => {
    const { url } = await start(send);
    const answer = await fetch(`${url}/apps/${APP}/things/1`, { method: 'DELETE' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
    expect(await answer.json()).toEqual({
      errors: [
        { code: 'method-not-allowed', title: 'DELETE is not possible on this path. It knows GET, HEAD.' },
      ],
    });
  });

  test.each(['/%zz', '/apps/%00/things/1', `/apps/${APP}/things/a%00b`])(
    'as a path, %s, is a 4xx in JSON',
    async (path) => {
      const { url } = await start(send);
      const answer = await fetch(url + path, { headers: { authorization: 'Key good' } });
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toContain('application/json');
      await answer.json();
    },
  );
});

const faulty: Routes = (http) => {
  const config = { access: 'public', envelope: 'basic' } as const;
  http.get('/fault', { config }, async () => {
    throw Object.assign(new Error('Key (token)=(jo@example.com) already exists.'), {
      severity: 'ERROR',
      code: '23505',
      detail: 'Key (token)=(jo@example.com) already exists.',
      constraint: 'tokens_pkey',
    });
  });
  http.get('/outage', { config }, async () => {
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  });
  http.get('/busy', { config }, async () => {
    throw new ApiError('rate-limit', { retryAfter: 1.2 });
  });
};

describe('a fault', () => {
  test('of ours is a 500 without its reason, and a log line without personal data', async () => {
    const { url, lines } = await start(faulty);
    const answer = await fetch(`${url}/fault`);
    expect([answer.status, await answer.json()]).toEqual([
      500,
      { errors: ['Something went wrong here. The request may be retried.'] },
    ]);
    const line = lines.find(({ msg }) => msg === 'request failed');
    expect(line).toMatchObject({
      request: answer.headers.get('x-request-id'),
      route: '/fault',
      fault: { name: 'DatabaseError', code: '23505', constraint: 'tokens_pkey' },
    });
    expect(JSON.stringify(lines)).not.toContain('example.com');
  });

  test('of the database being away is a 503 that says when to come back', async () => {
    const { url } = await start(faulty);
    const answer = await fetch(`${url}/outage`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await answer.json()).toEqual({ errors: ['Service temporarily unavailable'] });
  });

  test('of the caller being too fast carries whole seconds', async () => {
    const { url } = await start(faulty);
    const answer = await fetch(`${url}/busy`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '2']);
  });
});

test('each request leaves one line, which names the route and not the path', async () => {
  const { url, lines } = await start(send);
  const answer = await fetch(`${url}/apps/${APP}/things/jo%40example.com`, {
    headers: { authorization: 'Key good' },
  });
  await answer.text();
  await expect
    .poll(() => lines.filter(({ msg }) => msg === 'request'))
    .toEqual([
      {
        level: 'info',
        time: expect.any(String),
        request: answer.headers.get('x-request-id'),
        method: 'GET',
        route: '/apps/:app_id/things/:id',
        app: APP,
        status: 200,
        ms: expect.any(Number),
        msg: 'request',
      },
    ]);
  expect(JSON.stringify(lines)).not.toContain('example.com');
});

describe('health', () => {
  test('says that the process lives and that its parts do', async () => {
    const { url } = await start(send, { checks: { database: async () => undefined } });
    expect(await (await fetch(`${url}/health/live`)).json()).toEqual({ status: 'ok' });
    const ready = await fetch(`${url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ok', checks: { database: 'ok' } }]);
  });

  test('is a 503 that names the part that failed', async () => {
    const { url } = await start(send, {
      checks: { database: () => Promise.reject(new Error('gone')), lanes: async () => undefined },
    });
    const ready = await fetch(`${url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'unavailable', checks: { database: 'failed', lanes: 'ok' } },
    ]);
  });
});

describe('the description of the API', () => {
  test('is OpenAPI 3.1 with each route once and the key it needs', async () => {
    const { url } = await start(send);
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { security: object[] }>>;
    };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual([
      '/notifications',
      '/apps/{app_id}/things/{id}',
      '/apps/{app_id}/export',
    ]);
    expect(Object.keys(document.paths['/notifications'] ?? {})).toEqual(['post']);
    expect(document.paths['/notifications']?.['post']?.security).toEqual([
      { appKey: [] },
      { organizationKey: [] },
    ]);
  });

  test('can be read on a page that loads nothing from elsewhere', async () => {
    const { url } = await start(send);
    const page = await fetch(`${url}/docs`);
    expect(page.status).toBe(200);
    const html = await page.text();
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((found) => found[1] ?? '');
    expect(loaded.length).toBeGreaterThan(2);
    const statuses = await Promise.all(
      loaded.map(async (address) => {
        const asset = await fetch(new URL(address, `${url}/docs/`));
        await asset.arrayBuffer();
        return asset.status;
      }),
    );
    expect(loaded.filter((address) => /^(?:https?:)?\/\//.test(address))).toEqual([]);
    expect(statuses).toEqual(loaded.map(() => 200));
    const script = await (await fetch(`${url}/docs/static/swagger-initializer.js`)).text();
    expect(script).not.toContain('validator.swagger.io');
  });
});

/** A route that answers when it is let go, and tells when someone is inside. */
function held() {
  const door = new EventEmitter();
  const inside = once(door, 'entered');
  const released = once(door, 'let go');
  const routes: Routes = (http) => {
    http.get('/slow', { config: { access: 'public' } }, async () => {
      door.emit('entered');
      await released;
      return { done: true };
    });
  };
  return { routes, inside, letGo: () => door.emit('let go') };
}

describe('closing', () => {
  test('lets requests in flight finish, and takes no new connection', async () => {
    const { routes, inside, letGo } = held();
    const { server, url } = await start(routes);
    const answer = fetch(`${url}/slow`);
    await inside;
    const closed = server.close();
    await expect
      .poll(() =>
        fetch(`${url}/slow`).then(
          () => 'answered',
          () => 'refused',
        ),
      )
      .toBe('refused');
    letGo();
    expect(await (await answer).json()).toEqual({ done: true });
    await closed;
  });

  test('ends requests that are still there at the deadline', async () => {
    const clock = new FakeClock();
    const { routes, inside } = held();
    const { server, url } = await start(routes, { clock, limits: { ...DEFAULT_LIMITS, closeMs: 5_000 } });
    const answer = fetch(`${url}/slow`).then(
      () => 'answered',
      () => 'cut off',
    );
    await inside;
    const closed = server.close();
    await clock.advance(5_000);
    expect(await answer).toBe('cut off');
    await closed;
  });

  test('does not wait for idle connections', async () => {
    const { server, url } = await start(send);
    const { port } = new URL(url);
    const silent = connect(Number(port), '127.0.0.1');
    await once(silent, 'connect');
    silent.resume();
    const used = await fetch(`${url}/health/live`);
    await used.text();
    const ended = once(silent, 'close');
    await expect(server.close()).resolves.toBeUndefined();
    await ended;
  });
});
