import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { createHttpServer } from '../../../platform/http/server.ts';
import type { HttpServer } from '../../../platform/http/server.ts';
import { newId } from '../../../platform/ids.ts';
import { createLog } from '../../../platform/log.ts';
import { Identity } from '../../identity/index.ts';
import { Deliveries } from './deliveries.ts';
import { deliveryRoutes } from './routes.ts';

const app = newId();
const clock = new FakeClock();
let test: TestDatabase;
let server: HttpServer;

beforeAll(async () => {
  test = await createTestDatabase();
  const identity = new Identity({ database: test.database, clock });
  await identity.upsertUser(app, { identity: { external_id: 'anna' } });
  server = await createHttpServer({
    routes: [deliveryRoutes(new Deliveries({ database: test.database, identity }))],
    authenticator: {
      authenticate: async () => ({ kind: 'app-key', keyId: newId(), appId: app, organizationId: newId() }),
    },
    log: createLog({ level: 'silent' }),
    clock,
  });
});
afterAll(async () => {
  await server.close();
  await test.drop();
});

async function ask(path: string): Promise<{ status: number; title: string }> {
  const url = `/apps/${app}/${path}`;
  const answer = await server.http.inject({ url, headers: { authorization: 'Key any' } });
  const { errors } = answer.json<{ errors?: { title: string }[] }>();
  return { status: answer.statusCode, title: errors?.[0]?.title ?? '' };
}

it.each([
  ['state=lost', /^state/],
  ['state=', /^state/],
  ['limit=0', /^limit/],
  ['limit=301', /^limit/],
  ['limit=many', /^limit/],
  ['reason=', /^reason/],
  ['subscription_id=42', /^Invalid UUID$/],
  ['ended_after=yesterday', /^ended_after must be an ISO 8601 time/],
  ['ended_before=2026-01-31T09:00:00', /^ended_before must be an ISO 8601 time/],
  ['cursor=abc', /^cursor must be the next_cursor/],
  ['status=failed', /status/],
])('a query that will not do is refused by name, on both lists: %s', async (query, title) => {
  for (const list of [`messages/${newId()}/deliveries`, 'users/by/external_id/anna/deliveries']) {
    expect(await ask(`${list}?${query}`)).toEqual({ status: 400, title: expect.stringMatching(title) });
  }
});

it('an alias is refused where the path names the user already, and when it is none', async () => {
  expect(await ask('users/by/external_id/anna/deliveries?alias=external_id:ben')).toMatchObject({
    status: 400,
  });
  expect(await ask(`messages/${newId()}/deliveries?alias=anna`)).toEqual({
    status: 400,
    title: expect.stringMatching(/^alias must be a label and a value/),
  });
});

it('what is not there is told as such', async () => {
  expect(await ask(`messages/${newId()}/deliveries`)).toEqual({
    status: 404,
    title: 'Notification not found',
  });
  expect(await ask('users/by/external_id/nobody/deliveries')).toMatchObject({ status: 404 });
  expect(await ask('users/by/external_id/anna/deliveries')).toMatchObject({ status: 200 });
});
