import { afterEach, describe, expect, test } from 'vitest';
import { FakeClock } from '@carillon/test-kit';
import { pino } from 'pino';
import type { Allowance, RateLimiter } from './rate.ts';
import type { Principal, Routes } from './route.ts';
import { createHttpServer } from './server.ts';
import type { HttpServer } from './server.ts';

const APP = '11111111-1111-4111-8111-111111111111';
const FREE: Allowance = { admitted: true, limit: 10, remaining: 9, resetSeconds: 1 };
const FULL: Allowance = { admitted: false, limit: 10, remaining: 0, resetSeconds: 7 };

const running: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

/** Every class of `full` has no room; what was counted is told. */
async function start(routes: Routes, full: readonly string[] = []) {
  const counted: string[] = [];
  const limiter: RateLimiter = {
    take(rate, { principal, appId }) {
      counted.push(`${rate} ${principal.kind} ${appId}`);
      return full.includes(rate) ? Promise.resolve(FULL) : FREE;
    },
  };
  const server = await createHttpServer({
    routes: [routes],
    authenticator: {
      async authenticate({ access, appId, authorization }): Promise<Principal | 'denied'> {
        if (authorization === 'Key good')
          return { kind: 'app-key', keyId: 'k', appId: appId ?? '', organizationId: 'o' };
        return access === 'public' ? { kind: 'anonymous' } : 'denied';
      },
    },
    limiter,
    log: pino({ level: 'silent' }),
    clock: new FakeClock(),
  });
  running.push(server);
  return { http: server.http, counted };
}

const routes: Routes = (http) => {
  const basic = { access: 'app', envelope: 'basic' } as const;
  http.post('/notifications', { config: { ...basic, rate: 'messages' } }, () => ({}));
  http.get('/templates', { config: { ...basic, rateEnvelope: 'structured' } }, () => ({}));
  http.get('/apps/:app_id/things', { config: { access: 'public' } }, () => ({}));
  http.patch('/apps/:app_id/things', { config: { access: 'app' } }, () => ({}));
  http.post('/apps/:app_id/users', { config: { access: 'public', rate: 'users' } }, () => ({}));
  http.get('/open', { config: { access: 'public', rate: 'unlimited' } }, () => ({}));
};

const authorization = 'Key good';

describe('a request', () => {
  test('is counted as its route says, else as a view or as management', async () => {
    const { http, counted } = await start(routes);
    const headers = { authorization };
    await http.inject({ method: 'POST', url: `/apps/${APP}/users`, headers, payload: {} });
    await http.inject({ method: 'POST', url: '/notifications', headers, payload: { app_id: APP } });
    await http.inject({ method: 'GET', url: `/api/v1/apps/${APP}/things`, headers });
    await http.inject({ method: 'HEAD', url: `/apps/${APP}/things`, headers });
    await http.inject({ method: 'PATCH', url: `/apps/${APP}/things`, headers });
    await http.inject({ method: 'GET', url: `/apps/${APP}/things` });
    expect(counted).toEqual([
      `users app-key ${APP}`,
      `messages app-key ${APP}`,
      `views app-key ${APP}`,
      `views app-key ${APP}`,
      `management app-key ${APP}`,
      `views anonymous ${APP}`,
    ]);
  });

  test('of a stranger, of a route without limit, of a probe, a page or a mistake is not counted', async () => {
    const { http, counted } = await start(routes);
    await http.inject({ method: 'PATCH', url: `/apps/${APP}/things` });
    for (const url of ['/open', '/health/live', '/openapi.json', '/docs', '/nothing'])
      await http.inject({ url });
    await http.inject({ method: 'DELETE', url: `/apps/${APP}/users` });
    expect(counted).toEqual([]);
  });

  test('that is let in is told what is left', async () => {
    const { http } = await start(routes);
    const answer = await http.inject({ url: `/apps/${APP}/things`, headers: { authorization } });
    expect(answer.headers).toMatchObject({
      'ratelimit-limit': '10',
      'ratelimit-remaining': '9',
      'ratelimit-reset': '1',
    });
  });
});

describe('one request too many', () => {
  test('is refused with 429 in the envelope of its route, and told when to come again', async () => {
    const { http } = await start(routes, ['messages', 'users']);
    const headers = { authorization };
    const basic = await http.inject({
      method: 'POST',
      url: '/notifications',
      headers,
      payload: { app_id: APP },
    });
    const structured = await http.inject({ method: 'POST', url: `/apps/${APP}/users`, headers, payload: {} });
    for (const { statusCode, headers: told } of [basic, structured]) {
      expect(statusCode).toBe(429);
      expect(told).toMatchObject({
        'retry-after': '7',
        'content-type': 'application/json; charset=utf-8',
        'ratelimit-remaining': '0',
        'ratelimit-reset': '7',
      });
    }
    expect(basic.json()).toEqual({ errors: ['API rate limit exceeded'] });
    expect(structured.json()).toEqual({
      errors: [{ code: 'Rate Limit Exceeded', title: 'API rate limit exceeded' }],
    });
  });

  test('is refused in the envelope that a route has for it alone', async () => {
    const { http } = await start(routes, ['views']);
    const answer = await http.inject({ url: `/templates?app_id=${APP}`, headers: { authorization } });
    expect(answer.json()).toEqual({
      errors: [{ code: 'Rate Limit Exceeded', title: 'API rate limit exceeded' }],
    });
    const denied = await http.inject({ url: `/templates?app_id=${APP}` });
    expect(denied.json()).toEqual({ errors: [expect.any(String)] });
  });
});
