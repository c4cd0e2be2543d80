import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { Partitions } from '../../platform/database/partitions.ts';
import { appIdAsKey } from '../../platform/http/fixtures/app-id-as-key.ts';
import { createHttpServer } from '../../platform/http/server.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { newId } from '../../platform/ids.ts';
import { createLog } from '../../platform/log.ts';
import { Identity } from '../identity/index.ts';
import { CustomEvents, customEventsRoutes } from './index.ts';

const APP = newId();
let test: TestDatabase;
let server: HttpServer;
/** Her onesignal_id. */
let anna: string;

beforeAll(async () => {
  test = await createTestDatabase();
  const { database } = test;
  const clock = new FakeClock();
  const identity = new Identity({ database, clock });
  const hints = { give: () => {} };
  const events = new CustomEvents({
    database,
    partitions: new Partitions(database),
    identity,
    hints,
    clock,
  });
  const { user } = await identity.upsertUser(APP, { identity: { external_id: 'anna' } });
  anna = user.identity['onesignal_id']!;
  server = await createHttpServer({
    routes: [customEventsRoutes(events)],
    authenticator: appIdAsKey,
    log: createLog({ level: 'silent' }),
    clock,
  });
});
afterAll(async () => {
  await server.close();
  await test.drop();
});

async function post(payload: object | string, { app = APP, key = APP, prefix = '' } = {}) {
  const answer = await server.http.inject({
    method: 'POST',
    url: `${prefix}/apps/${app}/custom_events`,
    headers: { authorization: `Key ${key}`, 'content-type': 'application/json' },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });
  return { status: answer.statusCode, body: answer.json() as Record<string, unknown> };
}

describe('POST /apps/{app_id}/custom_events', () => {
  it('answers 202 with an empty object when all events are taken, also under /api/v1', async () => {
    const body = { events: [{ name: 'x', external_id: 'anna', payload: { a: 1 } }] };
    expect(await post(body)).toEqual({ status: 202, body: {} });
    expect(await post(body, { prefix: '/api/v1' })).toEqual({ status: 202, body: {} });
  });

  it('answers 202 and lists the events that were not taken', async () => {
    const event = { name: 'x', external_id: 'abc123', idempotency_key: newId() };
    expect(await post({ events: [event] })).toEqual({
      status: 202,
      body: {
        errors: [
          {
            event_user_id: 'abc123',
            event_id: event.idempotency_key,
            error: { code: 'not found', title: 'failed to find a onesignal_id for user_id abc123' },
          },
        ],
      },
    });
  });

  it('answers 400 when there are no events to read', async () => {
    expect(await post({ name: 'x' })).toEqual({ status: 400, body: { errors: ['events is required'] } });
  });

  it('refuses more than 1 MB', async () => {
    const events = Array.from({ length: 1_100 }, () => ({ name: 'x', external_id: 'a'.repeat(1_000) }));
    expect((await post({ events })).status).toBe(413);
  });

  it('takes events of a device without a key about the onesignal_id that it names, and no others', async () => {
    const tell = async (event: object, path = 'custom_events') => {
      const payload = { events: [{ name: 'told by a device', ...event }] };
      const answer = await server.http.inject({ method: 'POST', url: `/apps/${APP}/${path}`, payload });
      return [answer.statusCode, answer.body];
    };
    expect(await tell({ onesignal_id: anna, external_id: 'somebody else' })).toEqual([202, '{}']);
    expect(await tell({ onesignal_id: anna }, 'integrations/sdk/custom_events')).toEqual([202, '{}']);
    expect(await tell({ external_id: 'anna' })).toEqual([401, '']);
    expect((await tell({ onesignal_id: newId() }))[1]).toContain('not found');
    const rows = await test.database.rows<{ user_id: string }>(
      { name: 'test.told', text: 'select user_id from custom_events where app_id = $1 and name = $2' },
      [APP, 'told by a device'],
    );
    expect(rows).toEqual([{ user_id: anna }, { user_id: anna }]);
  });

  it('is closed to the key of another app: 401, plain and empty, as documented', async () => {
    const answer = await server.http.inject({
      method: 'POST',
      url: `/apps/${APP}/custom_events`,
      headers: { authorization: `Key ${newId()}` },
      payload: { events: [] },
    });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    expect(answer.body).toBe('');
  });
});
