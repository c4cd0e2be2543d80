import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import type { MessageList } from '@carillon/wire';
import { Partitions } from '../../platform/database/partitions.ts';
import { createHttpServer } from '../../platform/http/server.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { newId } from '../../platform/ids.ts';
import { createLog } from '../../platform/log.ts';
import { AT_ANY_TIME } from '../accounts/index.ts';
import { AudienceCounter } from '../audience/index.ts';
import { audienceSources } from './audience-sources.ts';
import { Identity } from '../identity/index.ts';
import { ContentCache } from '../templates/index.ts';
import { MessageCreator, MessageViews, messageRoutes, pauseRoutes } from './index.ts';

const HOUR = 3_600_000;
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
    hasDataFeed: async () => false,
    admitContent: async (content) => content,
    sendingPolicy: async () => AT_ANY_TIME,
    owner: newId(),
    leaseMs: 60_000,
    sender: null,
    wakeSenders: () => undefined,
  });
  const views = new MessageViews(database, async () => []);
  server = await createHttpServer({
    routes: [
      messageRoutes({
        database,
        clock,
        creator,
        views,
        counting: {
          identity,
          counter: new AudienceCounter(database, clock, audienceSources()),
          savedSegments: async () => new Map(),
        },
        wakeSenders: () => undefined,
      }),
      pauseRoutes({ database, clock, wakeSenders: () => undefined }),
    ],
    authenticator: {
      authenticate: async () => ({ kind: 'app-key', keyId: newId(), appId: app, organizationId: newId() }),
    },
    log: createLog({ level: 'silent' }),
    clock,
  });
  await create({});
});
afterAll(async () => {
  await server.close();
  await test.drop();
});

async function create(more: object): Promise<string> {
  const created = await server.http.inject({
    method: 'POST',
    url: '/notifications',
    payload: {
      app_id: app,
      target_channel: 'email',
      include_aliases: { external_id: ['anna'] },
      email_subject: 'Hello',
      email_body: 'Hello',
      ...more,
    },
    headers: { authorization: 'Key any' },
  });
  if (created.statusCode !== 200) throw new Error(created.body);
  return created.json<{ id: string }>().id;
}

async function list(query: string) {
  const url = `/notifications?app_id=${app}&${query}`;
  const answer = await server.http.inject({ url, headers: { authorization: 'Key any' } });
  return { status: answer.statusCode, body: answer.json<MessageList & { errors?: string[] }>() };
}

describe('GET /notifications', () => {
  it('shows messages of the API under kind 1 and without a kind, and none under other kinds', async () => {
    for (const query of ['', 'kind=', 'kind=1']) expect((await list(query)).body.total_count).toBe(1);
    for (const query of ['kind=0', 'kind=3']) {
      expect((await list(query)).body).toEqual({ total_count: 0, offset: 0, limit: 50, notifications: [] });
    }
  });

  it('pages through messages in the order in which they are due, each once, also when some are due together', async () => {
    const times = [3, 1, 2, 2, 2, 5].map((hours) => new Date(clock.now() + hours * HOUR).toISOString());
    const names = new Map<string, string>();
    for (const [n, time] of times.entries())
      names.set(await create({ name: `due ${n}`, send_after: time }), time);
    const start = new Date(clock.now()).toISOString();
    const seen: string[] = [];
    let token = start;
    for (let left = times.length; left > 0; left -= 2) {
      const { body } = await list(`limit=2&time_offset=${encodeURIComponent(token)}`);
      expect(body).toMatchObject({ offset: 0, limit: 2, time_offset: token, total_count: 7 });
      seen.push(...body.notifications.map(({ id }) => id));
      token = body.next_time_offset ?? '';
    }
    const end = await list(`time_offset=${encodeURIComponent(token)}`);
    expect(end.body).toMatchObject({ notifications: [], next_time_offset: token });
    expect(seen.map((id) => names.get(id))).toEqual(times.toSorted());
    expect(new Set(seen).size).toBe(times.length);
    // The last token leads to what comes later.
    const later = await create({ send_after: new Date(clock.now() + 9 * HOUR).toISOString() });
    const { body } = await list(`time_offset=${encodeURIComponent(token)}`);
    expect(body.notifications.map(({ id }) => id)).toEqual([later]);
  });

  it('refuses a time_offset that is none, and one beside an offset', async () => {
    expect(await list('time_offset=yesterday')).toMatchObject({
      status: 400,
      body: { errors: [expect.stringMatching(/^time_offset must be an ISO 8601 time/)] },
    });
    expect(await list('time_offset=2026-01-01T00%3A00%3A00Z&offset=1')).toMatchObject({
      status: 400,
      body: { errors: ['offset cannot be combined with time_offset: leave one of them away'] },
    });
    expect(await list('time_offset=2026-01-01T00%3A00%3A00Z&offset=0')).toMatchObject({ status: 200 });
  });
});

async function stop(id: string, word: string) {
  const url = `/apps/${app}/messages/${id}/${word}`;
  const answer = await server.http.inject({ method: 'POST', url, headers: { authorization: 'Key any' } });
  return { status: answer.statusCode, body: answer.json<object>() };
}

describe('POST /apps/{app_id}/messages/{message_id}/pause and resume', () => {
  it('pause and resume, each as often as it is said, as the view shows', async () => {
    const id = await create({ send_after: new Date(clock.now() + HOUR).toISOString() });
    const view = `/notifications/${id}?app_id=${app}`;
    for (const [word, paused] of [
      ['pause', true],
      ['pause', true],
      ['resume', false],
      ['resume', false],
    ] as const) {
      expect(await stop(id, word)).toEqual({ status: 200, body: { success: true, paused } });
      const answer = await server.http.inject({ url: view, headers: { authorization: 'Key any' } });
      expect(answer.json()).toMatchObject({ paused });
    }
    await server.http.inject({ method: 'DELETE', url: view, headers: { authorization: 'Key any' } });
    for (const word of ['pause', 'resume']) expect(await stop(id, word)).toMatchObject({ status: 400 });
  });

  it('know no message of that id', async () => {
    for (const id of [newId(), 'no-uuid']) {
      for (const word of ['pause', 'resume']) expect(await stop(id, word)).toMatchObject({ status: 404 });
    }
  });
});

describe('GET /notifications/{id}', () => {
  it('shows documented fields of the request, null where they were not given, and no others', async () => {
    const id = await create({
      name: 'Receipt',
      custom_data: { order: 1 },
      a_key_nobody_knows: 1,
      at_most_once: true,
    });
    const url = `/notifications/${id}?app_id=${app}`;
    const answer = await server.http.inject({ url, headers: { authorization: 'Key any' } });
    const view = answer.json<Record<string, unknown>>();
    expect(view).toMatchObject({
      name: 'Receipt',
      email_subject: 'Hello',
      email_preheader: null,
      custom_data: { order: 1 },
      included_segments: [],
      delayed_option: 'immediate',
      throttle_rate_per_minute: null,
      fcap_status: null,
      bcc_sent: 0,
    });
    expect(Object.keys(view)).not.toContain('a_key_nobody_knows');
    expect(Object.keys(view)).not.toContain('at_most_once');
  });
});
