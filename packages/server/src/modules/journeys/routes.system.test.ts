import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { appIdAsKey } from '../../platform/http/fixtures/app-id-as-key.ts';
import { createHttpServer } from '../../platform/http/server.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { newId } from '../../platform/ids.ts';
import { createLog } from '../../platform/log.ts';
import { EVERYTHING_IS_THERE } from './fixtures/everything-is-there.ts';
import { Journeys, journeysRoutes } from './index.ts';

const APP = newId();
const clock = new FakeClock();
let test: TestDatabase;
let server: HttpServer;

beforeAll(async () => {
  test = await createTestDatabase();
  server = await createHttpServer({
    routes: [
      journeysRoutes(
        new Journeys({
          database: test.database,
          clock,
          named: EVERYTHING_IS_THERE,
          onChange: () => {},
          watchSegments: () => Promise.resolve(),
        }),
      ),
    ],
    authenticator: appIdAsKey,
    log: createLog({ level: 'silent' }),
    clock,
  });
});
afterAll(async () => {
  await server.close();
  await test.drop();
});

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

async function call(method: Method, path: string, payload?: object, key = APP) {
  const answer = await server.http.inject({
    method,
    url: `/apps/${APP}/journeys${path}`,
    headers: { authorization: `Key ${key}` },
    ...(payload !== undefined && { payload }),
  });
  return { status: answer.statusCode, body: answer.json() as Record<string, unknown> };
}

const TEMPLATE = newId();
const body = {
  name: 'Welcome',
  audience: { kind: 'event_trigger', name: 'signed_up' },
  nodes: [
    { kind: 'wait', duration_seconds: 3_600, client_node_id: 'pause' },
    { kind: 'send_email', template_id: TEMPLATE },
  ],
};

describe('/apps/{app_id}/journeys', () => {
  it('creates a draft, shows it, changes it, makes it active, and deletes it', async () => {
    const created = await call('POST', '', body);
    expect(created).toMatchObject({
      status: 201,
      body: {
        app_id: APP,
        name: 'Welcome',
        description: null,
        state: 'draft',
        audience: body.audience,
        nodes: body.nodes,
        started_at: null,
        concurrency_key: '1',
      },
    });
    const path = `/${created.body['id'] as string}`;
    expect(await call('GET', path)).toEqual({ status: 200, body: created.body });
    const active = await call('PATCH', path, { state: 'active', concurrency_key: '1' });
    expect(active).toMatchObject({
      status: 200,
      body: { state: 'active', started_at: new Date(clock.now()).toISOString(), concurrency_key: '2' },
    });
    expect((await call('PATCH', path, { name: 'x', concurrency_key: '1' })).status).toBe(409);
    expect((await call('PATCH', path, { audience: { kind: 'segment' } })).status).toBe(422);
    expect(await call('DELETE', path)).toEqual({ status: 200, body: { success: true } });
    expect((await call('GET', path)).status).toBe(404);
    expect((await call('DELETE', path)).status).toBe(404);
  });

  it('refuses what it cannot do, by the name of the field', async () => {
    const nodes = [...body.nodes, { kind: 'send_iam', iam_id: TEMPLATE }];
    expect(await call('POST', '', { ...body, nodes })).toEqual({
      status: 400,
      body: {
        errors: [
          {
            code: 'request-invalid',
            title: 'nodes[2].kind send_iam is not supported yet: there are no in-app messages here',
          },
        ],
      },
    });
    expect((await call('POST', '', { ...body, state: 'active' })).status).toBe(400);
  });

  it('lists summaries, newest first, with a cursor', async () => {
    for (const name of ['a', 'b', 'c']) {
      await clock.advance(1);
      await call('POST', '', { ...body, name });
    }
    const first = await call('GET', '?limit=2');
    expect(first.body).toMatchObject({ journeys: [{ name: 'c' }, { name: 'b' }], has_more: true });
    expect((first.body['journeys'] as object[])[0]).not.toHaveProperty('nodes');
    const rest = await call('GET', `?limit=2&cursor=${first.body['next_cursor'] as string}`);
    expect(rest.body).toMatchObject({ journeys: [{ name: 'a' }], has_more: false });
    expect((await call('GET', '?cursor=abc')).status).toBe(400);
    expect((await call('GET', '?limit=51')).status).toBe(400);
  });

  it('is closed to the key of another app', async () => {
    expect((await call('GET', '', undefined, newId())).status).toBe(403);
  });
});
