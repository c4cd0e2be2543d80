import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeClock } from '@carillon/test-kit';
import { pino } from 'pino';
import { createHttpServer } from './server.ts';
import type { HttpServer } from './server.ts';

const APP = '11111111-1111-4111-8111-111111111111';
const ORIGIN = 'https://shop.example.com';

let server: HttpServer;
beforeAll(async () => {
  server = await createHttpServer({
    routes: [
      (http) => {
        http.patch('/apps/:app_id/users/by/:label/:id', { config: { access: 'public' } }, () => ({}));
        http.get('/private', { config: { access: 'public', pages: 'own' } }, () => ({ secret: 1 }));
        http.post('/notifications', { config: { access: 'app' } }, () => ({}));
      },
    ],
    authenticator: {
      authenticate: async ({ access }) => (access === 'public' ? { kind: 'anonymous' } : 'denied'),
    },
    log: pino({ level: 'silent' }),
    clock: new FakeClock(),
  });
});
afterAll(() => server.close());

function preflight(url: string, method: string, asked?: string) {
  return server.http.inject({
    method: 'OPTIONS',
    url,
    headers: {
      origin: ORIGIN,
      'access-control-request-method': method,
      ...(asked !== undefined && { 'access-control-request-headers': asked }),
    },
  });
}

describe('a preflight', () => {
  test.each([
    ['POST', `/apps/${APP}/users`, 'content-type,sdk-version'],
    ['GET', `/apps/${APP}/users/by/external_id/anna`, 'sdk-version'],
    ['PATCH', `/apps/${APP}/users/by/external_id/anna`, 'content-type,onesignal-subscription-id,sdk-version'],
    ['PATCH', `/api/v1/apps/${APP}/users/by/external_id/anna`, 'content-type,sdk-version'],
    ['DELETE', `/apps/${APP}/subscriptions/1`, 'content-type,sdk-version'],
    ['PUT', '/notifications/1', 'authorization,content-type'],
  ])('of %s %s with %s is answered', async (method, url, asked) => {
    const answer = await preflight(url, method, asked);
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
      'access-control-allow-headers': asked,
      'access-control-max-age': '86400',
    });
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  });

  test('that names no headers, or what can be none, is told those of the SDKs', async () => {
    for (const asked of [undefined, 'a b', 'x'.repeat(2_000)]) {
      const { headers } = await preflight('/notifications', 'POST', asked);
      expect(headers['access-control-allow-headers']).toBe(
        'authorization, content-type, onesignal-subscription-id, sdk-version',
      );
    }
  });

  test('about what only our own pages may read is a 405 like any other method', async () => {
    const answer = await preflight('/private', 'GET', 'sdk-version');
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET, HEAD']);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('OPTIONS that is no preflight', () => {
  test.each([{}, { origin: ORIGIN }])(
    'is a 405 with the methods of the path, headers %j',
    async (headers) => {
      const answer = await server.http.inject({ method: 'OPTIONS', url: '/notifications', headers });
      expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'POST']);
    },
  );
});

describe('an answer', () => {
  test('may be read by a page, also when it is an error, with the headers that tell when to come again', async () => {
    for (const [method, url, status] of [
      ['PATCH', `/apps/${APP}/users/by/external_id/anna`, 200],
      ['POST', '/notifications', 401],
      ['GET', '/notifications', 405],
      ['GET', `/sync/${APP}/nothing`, 404],
    ] as const) {
      const answer = await server.http.inject({ method, url, headers: { origin: ORIGIN } });
      expect([method, answer.statusCode]).toEqual([method, status]);
      expect(answer.headers['access-control-allow-origin']).toBe('*');
      const exposed = String(answer.headers['access-control-expose-headers']).split(', ');
      expect(exposed).toEqual(expect.arrayContaining(['Retry-After', 'RateLimit-Remaining']));
    }
  });

  test('says nothing of origins to a caller that has none', async () => {
    const answer = await server.http.inject({ method: 'POST', url: '/notifications' });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('of our own pages, of probes and of the description may not be read by others', async () => {
    for (const url of ['/private', '/health/ready', '/openapi.json', '/docs/']) {
      const { headers } = await server.http.inject({ url, headers: { origin: ORIGIN } });
      expect([url, headers['access-control-allow-origin']]).toEqual([url, undefined]);
    }
  });
});
