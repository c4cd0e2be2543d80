import { afterEach, describe, expect, test } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import { Type } from 'typebox';
import { createHttpServer } from '../../../platform/http/server.ts';
import type { HttpServer } from '../../../platform/http/server.ts';
import type { Principal, Routes } from '../../../platform/http/route.ts';
import { createLog } from '../../../platform/log.ts';
import { verifyIdentity } from '../index.ts';

const APP = '11111111-1111-4111-8111-111111111111';
const OTHER = '22222222-2222-4222-8222-222222222222';
const principals: Record<string, Principal> = {
  key: { kind: 'app-key', keyId: 'k', appId: APP, organizationId: 'o' },
  token: {
    kind: 'identity-token',
    appId: APP,
    token: { identity: [{ label: 'external_id', value: 'anna' }], subscriptions: [] },
  },
};

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** The app APP verifies identities. `Key key` and `Key token` are a server and a device. */
async function start(routes: Routes): Promise<HttpServer> {
  const db = await createTestDatabase();
  closers.push(() => db.drop());
  const server = await createHttpServer({
    routes: [verifyIdentity({ database: db.database, isRequired: async (appId) => appId === APP }), routes],
    authenticator: {
      authenticate: async ({ authorization }) =>
        principals[authorization?.slice(4) ?? ''] ?? { kind: 'anonymous' },
    },
    log: createLog({ level: 'silent' }),
    clock: new FakeClock(),
  });
  closers.unshift(() => server.close());
  return server;
}

describe('a route that is open to devices and in no line of the table', () => {
  test.each(['public', 'app-or-user'] as const)(
    'does not start when its path names an app (%s)',
    async (access) => {
      const routes: Routes = (http) =>
        void http.get('/apps/:app_id/new', { config: { access } }, async () => ({}));
      await expect(start(routes)).rejects.toThrow(/GET \/apps\/:app_id\/new does not say/);
    },
  );

  test('takes a key when its body names an app that verifies identities', async () => {
    const body = Type.Object({ app_id: Type.String() });
    const server = await start((http) => {
      http.post('/players', { config: { access: 'public' }, schema: { body } }, async () => ({ ok: true }));
    });
    const post = async (app: string, by?: string) => {
      const answer = await server.http.inject({
        method: 'POST',
        url: '/players',
        payload: { app_id: app },
        ...(by === undefined ? {} : { headers: { authorization: `Key ${by}` } }),
      });
      return answer.statusCode;
    };
    expect(await post(APP)).toBe(401);
    expect(await post(APP, 'token')).toBe(403);
    expect(await post(APP, 'key')).toBe(200);
    expect(await post(OTHER)).toBe(200);
  });

  test('is as it was when it names no app', async () => {
    const server = await start((http) => {
      http.get('/t/:token', { config: { access: 'public' } }, async () => ({ ok: true }));
    });
    expect((await server.http.inject({ url: '/t/x' })).statusCode).toBe(200);
  });
});

test('a HEAD is checked as its GET', async () => {
  const server = await start((http) => {
    http.get('/apps/:app_id/users/by/:alias_label/:alias_id', { config: { access: 'public' } }, async () => ({
      ok: true,
    }));
  });
  const head = (value: string, by?: string) =>
    server.http.inject({
      method: 'HEAD',
      url: `/apps/${APP}/users/by/external_id/${value}`,
      ...(by === undefined ? {} : { headers: { authorization: `Key ${by}` } }),
    });
  expect((await head('anna')).statusCode).toBe(401);
  expect((await head('ben', 'token')).statusCode).toBe(403);
  expect((await head('anna', 'token')).statusCode).toBe(200);
});
