import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { Partitions } from '../../platform/database/partitions.ts';
import { createHttpServer } from '../../platform/http/server.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { newId } from '../../platform/ids.ts';
import { createLog } from '../../platform/log.ts';
import { Identity } from '../identity/index.ts';
import { ContentCache } from '../templates/index.ts';
import { MessageCreator, MessageViews, messageRoutes } from './index.ts';

const app = newId();
const clock = new FakeClock();
let test: TestDatabase;
let server: HttpServer;

beforeAll(async () => {
  test = await createTestDatabase();
  const { database } = test;
  const identity = new Identity({ database, clock });
  await identity.upsertUser(app, {
    identity: { external_id: 'anna' },
    subscriptions: [{ type: 'Email', token: 'anna@example.com' }],
  });
  const creator = new MessageCreator({
    database,
    clock,
    partitions: new Partitions(database),
    identity,
    contents: new ContentCache(database),
    findTemplate: async () => null,
    checkContent: () => undefined,
    owner: newId(),
    leaseMs: 60_000,
    sender: null,
    wakeSenders: () => undefined,
  });
  const views = new MessageViews(database);
  server = await createHttpServer({
    routes: [messageRoutes({ database, clock, creator, views, wakeSenders: () => undefined })],
    authenticator: {
      authenticate: async () => ({ kind: 'app-key', keyId: newId(), appId: app, organizationId: newId() }),
    },
    log: createLog({ level: 'silent' }),
    clock,
  });
  const created = await server.http.inject({
    method: 'POST',
    url: '/notifications',
    payload: {
      app_id: app,
      target_channel: 'email',
      include_aliases: { external_id: ['anna'] },
      email_subject: 'Hello',
      email_body: 'Hello',
    },
    headers: { authorization: 'Key any' },
  });
  if (created.statusCode !== 200) throw new Error(created.body);
});
afterAll(async () => {
  await server.close();
  await test.drop();
});

async function list(query: string) {
  const url = `/notifications?app_id=${app}&${query}`;
  const answer = await server.http.inject({ url, headers: { authorization: 'Key any' } });
  return { status: answer.statusCode, body: answer.json<{ total_count: number; errors?: string[] }>() };
}

describe('GET /notifications', () => {
  it('shows messages of the API under kind 1 and without a kind, and none under other kinds', async () => {
    for (const query of ['', 'kind=', 'kind=1']) expect((await list(query)).body.total_count).toBe(1);
    for (const query of ['kind=0', 'kind=3']) {
      expect((await list(query)).body).toEqual({ total_count: 0, offset: 0, limit: 50, notifications: [] });
    }
  });

  it('refuses time_offset instead of showing the first page again and again', async () => {
    expect(await list('time_offset=2026-01-01T00%3A00%3A00Z')).toEqual({
      status: 400,
      body: { errors: ['time_offset is not supported yet'] },
    });
  });
});
