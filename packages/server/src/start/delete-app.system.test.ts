import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, FakeClock, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { pino } from 'pino';
import { accountsJobs, eraseDeletedApps } from '../modules/accounts/index.ts';
import { systemClock } from '../platform/clock.ts';
import { loadConfig } from '../platform/config/index.ts';
import { newMasterKey } from '../platform/crypto/index.ts';
import { statement } from '../platform/database/database.ts';
import { readSchema } from '../platform/database/schema-store.ts';
import { newId, newIdInLane } from '../platform/ids.ts';
import { startJobs } from '../platform/jobs/jobs.ts';
import { appErasers } from './app-erasers.ts';
import { startCarillon } from './start.ts';
import type { Carillon } from './start.ts';

/** Gone with the app's row: their keys refer to it. */
const CASCADING = [
  'api_keys',
  'app_policies',
  'audience_use',
  'data_feeds',
  'endpoints',
  'event_streams',
  'feed_topics',
  'event_stream_held',
  'webhooks',
  'identity_keys',
  'provider_accounts',
  'provider_days',
  'provider_pauses',
  'rate_limits',
  'sms_keywords',
  'sms_opt_outs',
];
/** What is not an app's. `audit_log` and `deleted_apps` tell of it afterwards. */
const OF_NO_APP = [
  'organizations',
  'audit_log',
  'deleted_apps',
  'lanes',
  'lane_owners',
  'feed_heads',
  'journey_version',
  'live_segments_version',
  'migrations',
  'functions_version',
  // Forgotten when its windows are over.
  'rate_windows',
];
/** Tables that lead to their app by another one. */
const BY_MESSAGE = new Set([
  'message_platforms',
  'deliveries',
  'delivery_events',
  'delivery_retries',
  'sandbox_messages',
]);
const NEVER = new AbortController().signal;

const HOUR_MS = 3_600_000;

const log = pino({ level: 'silent' });
const masterKey = newMasterKey();
let db: TestDatabase;
let dataDir: string;
let carillon: Carillon;
let organizationId: string;
let organizationKey: string;

async function start(role: 'all' | 'api', clock = systemClock): Promise<Carillon> {
  const env = {
    DATABASE_URL: db.url,
    CARILLON_MASTER_KEY: masterKey,
    CARILLON_DATA_DIR: dataDir,
    CARILLON_PORT: '0',
    CARILLON_ROLE: role,
    CARILLON_SANDBOX: 'true',
    CARILLON_SANDBOX_SMTP_PORT: '0',
    CARILLON_SANDBOX_APNS_PORT: '0',
    CARILLON_SANDBOX_FCM_PORT: '0',
    CARILLON_SANDBOX_WEB_PUSH_PORT: '0',
    CARILLON_SANDBOX_HUAWEI_PORT: '0',
    CARILLON_SANDBOX_ADM_PORT: '0',
    CARILLON_SANDBOX_TWILIO_PORT: '0',
    CARILLON_SANDBOX_VONAGE_PORT: '0',
    CARILLON_SANDBOX_SNS_PORT: '0',
    CARILLON_SANDBOX_MAIL_APIS_PORT: '0',
    CARILLON_SANDBOX_SMPP_PORT: '0',
  };
  return startCarillon(loadConfig(env, dataDir), { log, clock });
}

beforeAll(async () => {
  db = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'carillon-delete-app-'));
  carillon = await start('all');
  organizationId = carillon.organizationId!;
  organizationKey = carillon.organizationKey!;
});

afterAll(async () => {
  await carillon.stop();
  await db.drop();
  await rm(dataDir, { recursive: true, force: true });
});

// oxlint-disable-next-line typescript/no-explicit-any
async function call(method: string, path: string, body?: object): Promise<{ status: number; body: any }> {
  const answer = await fetch(`${carillon.url}${path}`, {
    method,
    headers: { authorization: `Key ${organizationKey}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

async function run(text: string, values: readonly unknown[]): Promise<void> {
  await db.database.run({ name: '', text }, values);
}

/** An app with rows in every table, and ids that lead to those that do not name it. */
async function fillApp(name: string) {
  const app = (await call('POST', '/apps', { name, organization_id: organizationId })).body.id as string;
  await call('POST', `/apps/${app}/auth/tokens`, { name: 'k' });
  await call('PATCH', `/apps/${app}/policy`, {
    tag_limit: 50,
    sending: { frequency_cap: { messages: 100, minutes: 60 } },
  });
  await call('POST', `/apps/${app}/identity_keys`, { name: 'k' });
  await call('PATCH', `/apps/${app}/rate_limits`, { bulk: { limit: 1_000 } });
  const addUser = async (id: string) => {
    const subscriptions = [{ type: 'Email', token: `${id}@example.com` }];
    const identity = { external_id: id };
    return (await call('POST', `/apps/${app}/users`, { identity, subscriptions })).body.subscriptions[0]
      .id as string;
  };
  const anna = await addUser('anna');
  // Three, because one could be in anna's lane by chance.
  const moved = [await addUser('a'), await addUser('b'), await addUser('c')];
  for (const id of moved) {
    await call('PATCH', `/apps/${app}/subscriptions/${id}/owner`, { identity: { external_id: 'anna' } });
  }
  await call('POST', `/apps/${app}/segments`, {
    name: 'S',
    filters: [{ field: 'test_user', relation: 'exists' }],
  });
  const journey = {
    audience: { kind: 'event_trigger', name: 'signup' },
    nodes: [{ kind: 'wait', duration_seconds: 3_600 }],
  };
  const { id: journeyId } = (await call('POST', `/apps/${app}/journeys`, { name: 'Welcome', ...journey }))
    .body;
  await call('PATCH', `/apps/${app}/journeys/${journeyId}`, { state: 'active' });
  await call('POST', `/apps/${app}/custom_events`, {
    events: [{ name: 'signup', external_id: 'anna', idempotency_key: newId() }],
  });
  const email = { email_subject: 'Hi', email_body: 'Hello' };
  await call('POST', '/templates', { app_id: app, name: 'T', isEmail: true, ...email });
  const target = { app_id: app, target_channel: 'email', ...email };
  const sent = await call('POST', '/notifications', {
    ...target,
    include_aliases: { external_id: ['anna'] },
    idempotency_key: newId(),
  });
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  const later = await call('POST', '/notifications', {
    ...target,
    included_segments: ['Subscribed Users'],
    send_after: tomorrow,
  });
  const messages = [sent.body.id as string, later.body.id as string];
  await call('POST', `/notifications/${sent.body.id}/export_events?app_id=${app}`);
  await until('anna is on her way and her mail was reported', async () => {
    const found = await Promise.all(
      ['journey_runs', 'delivery_events', 'feed', 'export_pieces'].map((table) =>
        countOf(table, app, messages, moved),
      ),
    );
    return found.every((count) => count > 0);
  });
  await call('POST', `/apps/${app}/ab_tests`, {
    message: { target_channel: 'email', included_segments: ['All'], send_after: tomorrow, ...email },
    variants: [{}, { email_subject: 'Ho' }],
    sample_percent: 10,
    winner_by: 'hand',
  });
  await call('POST', `/apps/${app}/data_feeds`, { name: 'x', alias: 'x', url: 'https://shop.example' });
  await call('POST', `/apps/${app}/suppressions`, { suppressions: [{ address: 'off@example.com' }] });
  await call('PUT', `/apps/${app}/event_streams/shop`, {
    kind: 'webhook',
    url: 'https://shop.example/events',
  });
  await run(
    `insert into event_stream_held (app_id, stream_id, user_key, lane, position, nth, day, event_id, attempts, due_at)
     select app_id, id, 'anna', 0, 1, 0, '2026-01-01', $2, 1, now() + interval '1 day' from event_streams where app_id = $1`,
    [app, newId()],
  );
  await run(
    `insert into event_stream_attempts (app_id, stream_id, id, at, outcome, milliseconds, events, about)
     values ($1, $2, $2, now(), 'taken', 1, 1, '{}')`,
    [app, newId()],
  );
  await call('POST', `/apps/${app}/webhooks`, { name: 'w', url: 'https://shop.example/calls' });
  await run(
    `insert into webhook_calls (lane, id, app_id, webhook_id, user_id, origin, context, created_at, due_at)
     select 1, $2, $1, id, $2, '{}', '{}', now(), now() + interval '1 day' from webhooks where app_id = $1`,
    [app, newId()],
  );
  await run(
    `insert into webhook_attempts (app_id, webhook_id, id, at, call_id, user_id, number, outcome, milliseconds, about)
     values ($1, $2, $2, now(), $2, $2, 1, 'taken', 1, '{}')`,
    [app, newId()],
  );
  await run(
    `with made as (
       insert into imports (id, app_id, name, state, created_at, expires_at)
       values (gen_random_uuid(), $1, 'people.csv', 'done', now(), now() + interval '1 day') returning id, app_id),
     piece as (insert into import_pieces (app_id, import_id, n, bytes) select app_id, id, 0, '' from made),
     reject as (insert into import_rejects (app_id, import_id, run, batch, lines) select app_id, id, 1, 0, '' from made)
     insert into import_batches (app_id, import_id, batch, written_at, created, before)
     select app_id, id, 0, now(), '{}', '[]' from made`,
    [app],
  );
  await run(
    `insert into journey_entries (lane, user_id, journey_id, app_id, inside, barred) values (0, $2, $3, $1, false, true)`,
    [app, newIdInLane(0), journeyId],
  );
  await run(
    `insert into journey_refusals (lane, user_id, journey_id, app_id, reason, at) values (0, $2, $3, $1, 'barred', now())`,
    [app, newIdInLane(0), journeyId],
  );
  await run(
    `insert into journey_launches (lane, journey_id, app_id, version, place, done) values (0, $2, $1, 1, 0, true)`,
    [app, journeyId],
  );
  await run(`insert into feed_floors (app_id, lane, position) values ($1, 0, 0)`, [app]);
  await call('POST', `/apps/${app}/channels/sms/opt-outs`, {
    opt_outs: [{ number: '+4915100000000', sender: '+15550100000' }],
  });
  await call('PUT', `/apps/${app}/endpoints/room`, { kind: 'slack', url: 'https://hooks.example/x' });
  await run(
    `insert into endpoint_posts (app_id, id, endpoint, body_hash, content, state, created_at, due_at)
     values ($1, $2, 'room', '', '{}', 'waiting', now(), now() + interval '1 day')`,
    [app, newId()],
  );
  await call('PUT', `/apps/${app}/channels/email`, { kind: 'null' });
  await call('PUT', `/apps/${app}/channels/sms/keywords`, { stop: { words: ['BASTA'] } });
  await call('POST', '/outcomes/measure', { app_id: app, id: 'sale', device_type: 11 });
  // What nothing here writes by itself, or what is gone again at once.
  await run(`insert into audience_use (app_id, minute, recipients) values ($1, now(), 5)`, [app]);
  await run(
    `insert into message_platforms (message_id, lane, device_type, successful, failed, errored)
     values ($1, 0, 1, 5, 0, 0)`,
    [messages[0]],
  );
  await run(
    `insert into provider_pauses (app_id, channel, since, until, reason) values ($1, 'email', now(), now(), '421')`,
    [app],
  );
  await run(
    `insert into inbound_sms (app_id, id, lane, sender, recipient, body, media_urls, is_answered, received_at)
     values ($1, $2, 0, '+49151', '+1555', 'Hello', '{}', false, now())`,
    [app, newId()],
  );
  const today = new Date().toISOString().slice(0, 10);
  await run(
    `insert into provider_days (app_id, channel, name, day, used, granted) values ($1, 'email', 'main', $2, 1, 1)`,
    [app, today],
  );
  await run(
    `insert into consents (lane, subscription_id, at, app_id, granted, source, recorded_at) values (0, $1, now(), $2, true, 'test', now())`,
    [anna, app],
  );
  await run(
    `insert into user_changes (lane, user_id, id, day, app_id, action, source, changes, at) values (0, $1, $1, $2, $3, 'test', 'api', '{}', now())`,
    [newId(), today, app],
  );
  await run(
    `insert into delivery_retries (lane, message_id, subscription_id, attempts, due_at, reason)
     select lane, message_id, $2, 1, now() + interval '1 day', 'test' from message_chunks where message_id = $1 limit 1`,
    [messages[1], anna],
  );
  await run(
    `insert into lane_inbox (lane, app_id, user_id, kind, payload, at) values (0, $1, $2, 'of another release', '{}', now())`,
    [app, newIdInLane(0)],
  );
  await run(
    `insert into sandbox_messages (channel, provider_id, account, sender, recipient, raw, fate, received_at)
     values ('sms', '1', $1, 'Shop', '+49151', '{}', 'delivered', now())`,
    [app],
  );
  await run(
    `insert into live_activity_tokens (app_id, kind, activity, subscription_id, token, updated_at)
     values ($1, 'update', 'order-7', $2, 'ab', now())`,
    [app, anna],
  );
  await run(`insert into feed_topics (app_id, topic, wisher) values ($1, 'journeys', 'app')`, [app]);
  await run(`insert into spare_contents (app_id, id, since) values ($1, $2, now())`, [app, newId()]);
  // Somebody who was two before, and somebody who is gone.
  await addUser('gone');
  await addUser('two');
  await call('POST', `/apps/${app}/users/by/external_id/anna/merge`, { from: { external_id: 'two' } });
  await call('DELETE', `/apps/${app}/users/by/external_id/gone`);
  return { app, name, messages, moved };
}

/** What whoever works the lanes would take away at once. */
async function fillLive(app: string) {
  const user = newIdInLane(0);
  await run(`insert into watched_apps (app_id, event_names, message_events) values ($1, '{}', false)`, [app]);
  await run(
    `insert into segment_watches (app_id, watcher, watcher_id, segment_id) values ($1, 'journey', $1, $1)`,
    [app],
  );
  await run(`insert into session_watches (app_id, watcher, watcher_id) values ($1, 'journey', $1)`, [app]);
  await run(`insert into live_segments (app_id, segment_id, state) values ($1, $1, 'new')`, [app]);
  await run(`insert into segment_walks (lane, app_id, begun, drops) values (0, $1, 1, false)`, [app]);
  await run(
    `insert into segment_state (lane, app_id, user_id, segments, flip_at) values (0, $1, $2, '{}', now())`,
    [app, user],
  );
  await run(
    `insert into changed_users (lane, app_id, user_id, active, at) values (0, $1, $2, false, now())`,
    [app, user],
  );
}

/** An app with one user. */
async function fillBriefly(name: string) {
  const app = (await call('POST', '/apps', { name, organization_id: organizationId })).body.id as string;
  await call('POST', `/apps/${app}/users`, { identity: { external_id: 'anna' } });
  expect(await countOf('users', app, [], [])).toBe(1);
  return { app };
}

type Filled = Awaited<ReturnType<typeof fillApp>>;

async function countOf(
  table: string,
  app: string,
  messages: readonly string[],
  subscriptions: readonly string[],
): Promise<number> {
  const [where, value] = BY_MESSAGE.has(table)
    ? ['message_id = any($1::uuid[])', messages]
    : table === 'moved_subscriptions'
      ? ['subscription_id = any($1::uuid[])', subscriptions]
      : ['app_id = $1', app];
  const [row] = await db.database.rows<{ count: number }>(
    { name: '', text: `select count(*)::int as count from ${table} where ${where}` },
    [value],
  );
  return row?.count ?? 0;
}

async function countsOf({ app, messages, moved }: Filled): Promise<Record<string, number>> {
  const tables = [...appErasers.flatMap((eraser) => eraser.tables), ...CASCADING];
  const counts = tables.map(async (table) => [table, await countOf(table, app, messages, moved)] as const);
  return Object.fromEntries(await Promise.all(counts));
}

test('every table of the schema is emptied when its app is deleted, or belongs to no app', async () => {
  const erased = appErasers.flatMap(({ tables }) => tables);
  const known = [...erased, ...CASCADING, ...OF_NO_APP, 'apps'];
  expect(known.toSorted()).toEqual(Object.keys(await readSchema(db.database)).toSorted());
});

describe('an app', () => {
  let doomed: Filled;
  let kept: Filled;
  let before: Record<string, number>;

  beforeAll(async () => {
    [doomed, kept] = [await fillApp('Doomed & co'), await fillApp('Kept')];
    // From here on nobody works but those whom a test starts. The API's clock is two hours behind, so that
    // what it asks for is due.
    await carillon.stop();
    carillon = await start('api', new FakeClock(Date.now() - 2 * HOUR_MS));
    await fillLive(doomed.app);
    await fillLive(kept.app);
    before = await countsOf(kept);
  });

  test('has something in every table before', async () => {
    const empty = Object.entries(await countsOf(doomed)).filter(([, count]) => count === 0);
    expect(empty).toEqual([]);
  });

  test.each(['', '?confirm=', '?confirm=Kept', '?confirm=doomed%20%26%20co'])(
    'is not deleted by a call that does not give its name: %j',
    async (query) => {
      const path = `/apps/${doomed.app}`;
      expect(await call('DELETE', `${path}${query}`)).toEqual({
        status: 400,
        body: {
          errors: [
            `confirm must be the name of the app, as GET ${path} shows it: DELETE ${path}?confirm=<name>, percent-encoded. Nothing was deleted.`,
          ],
        },
      });
      expect((await call('GET', path)).status).toBe(200);
    },
  );

  test('is gone at once with its keys, its journeys and what waited to be sent', async () => {
    const { app } = doomed;
    const key = (await call('POST', `/apps/${app}/auth/tokens`, { name: 'last' })).body
      .formatted_token as string;
    const answer = await call('DELETE', `/apps/${app}?confirm=Doomed%20%26%20co`);
    expect(answer).toEqual({
      status: 202,
      body: {
        id: app,
        organization_id: organizationId,
        name: 'Doomed & co',
        state: 'erasing',
        part: null,
        rows_erased: 0,
        deleted_at: expect.any(String),
        erased_at: null,
      },
    });
    const progress = `/organizations/${organizationId}/deleted_apps/${app}`;
    expect((await call('GET', progress)).body).toEqual(answer.body);
    const missing = { status: 404, body: { errors: [`Couldn't find app with id = ${app}`] } };
    expect(await call('GET', `/apps/${app}`)).toEqual(missing);
    expect(await call('DELETE', `/apps/${app}?confirm=Doomed%20%26%20co`)).toEqual(missing);
    expect((await call('GET', '/apps')).body.map(({ id }: { id: string }) => id)).not.toContain(app);
    const headers = { authorization: `Key ${key}` };
    const withItsKey = await fetch(`${carillon.url}/templates?app_id=${app}`, { headers });
    expect(withItsKey.status).toBe(403);
    const asDevice = await fetch(`${carillon.url}/apps/${app}/users`, { method: 'POST', body: '{}' });
    expect(asDevice.status).toBe(404);
    expect(await countOf('journeys', app, [], [])).toBe(0);
    const waiting = await db.database.rows({
      name: '',
      text: `select from message_chunks where app_id = '${app}' and state <> 'done'`,
    });
    expect(waiting).toEqual([]);
  });

  test('is erased wholly by several workers that stop and go on, and no other app with it', async () => {
    const { database } = db;
    const clock = new FakeClock(Date.now());
    const options = { database, clock, erasers: appErasers };
    const progress = `/organizations/${organizationId}/deleted_apps/${doomed.app}`;
    let pieces = 0;
    // Stops again and again, as in a process that is told to end between two pieces.
    while ((await call('GET', progress)).body.state === 'erasing') {
      const stopping = new AbortController();
      const erasers = appErasers.map((eraser) => ({
        ...eraser,
        erase: (...given: Parameters<typeof eraser.erase>) => {
          pieces += 1;
          if (pieces % 100 === 0) stopping.abort();
          return eraser.erase(...given);
        },
      }));
      await Promise.all([1, 2].map(() => eraseDeletedApps({ ...options, erasers }, stopping.signal)));
    }
    expect(pieces).toBeGreaterThan(1_000);
    expect(Object.entries(await countsOf(doomed)).filter(([, count]) => count > 0)).toEqual([]);
    expect(await countsOf(kept)).toEqual(before);
    const texts = statement('test.texts', 'select account from sandbox_messages where account <> $1');
    expect(await database.rows(texts, [''])).toEqual([{ account: kept.app }]);
    const { body } = await call('GET', progress);
    expect(body).toMatchObject({
      state: 'erased',
      part: null,
      erased_at: new Date(clock.now()).toISOString(),
    });
    expect(body.rows_erased).toBeGreaterThan(20);
  });

  test('stays in the audit log, with how much was erased', async () => {
    const path = `/organizations/${organizationId}/audit_logs?start_time=${new Date(Date.now() - 3 * HOUR_MS).toISOString()}`;
    const { body } = await call(
      'GET',
      `${path}&app_ids=${doomed.app}&actions=app.deleted&actions=app.erased`,
    );
    expect(body.audit_logs).toMatchObject([
      { action: 'app.deleted', actor: { type: 'api_key' }, targets: [{ name: 'Doomed & co' }] },
      { action: 'app.erased', actor: { type: 'system' }, metadata: { rows_erased: expect.any(Number) } },
    ]);
  });

  test('is looked through once more after an hour, for requests that were under way', async () => {
    const { database } = db;
    const late = newId();
    await run(
      `insert into aliases (app_id, label, value, lane, user_id) values ($1, 'external_id', 'late', 0, $2)`,
      [doomed.app, late],
    );
    const clock = new FakeClock(Date.now());
    const dueAt = await eraseDeletedApps({ database, clock, erasers: appErasers }, NEVER);
    expect(dueAt).not.toBeNull();
    expect(await countOf('aliases', doomed.app, [], [])).toBe(1);
    await clock.advance(dueAt! - clock.now());
    expect(await eraseDeletedApps({ database, clock, erasers: appErasers }, NEVER)).toBeNull();
    expect(await countOf('aliases', doomed.app, [], [])).toBe(0);
  });

  test('is erased by the job that its deletion asked for', async () => {
    const { app } = await fillBriefly('Brief');
    await call('DELETE', `/apps/${app}?confirm=Brief`);
    const { database, url } = db;
    const options = { database, clock: systemClock, erasers: appErasers, auditLogDays: 365 };
    const jobs = await startJobs({ url, log, jobs: accountsJobs(options) });
    await until('the app is erased', async () => {
      const { body } = await call('GET', `/organizations/${organizationId}/deleted_apps/${app}`);
      return body.state === 'erased';
    });
    await jobs.stop();
    expect(await countOf('users', app, [], [])).toBe(0);
  });

  test('that was never deleted here is not told of', async () => {
    const path = `/organizations/${organizationId}/deleted_apps/${kept.app}`;
    expect(await call('GET', path)).toEqual({
      status: 404,
      body: { errors: [`This organization has deleted no app with the id ${kept.app}.`] },
    });
  });
});
