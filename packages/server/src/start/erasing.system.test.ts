import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import type { Erasure } from '@carillon/wire';
import { Identity } from '../modules/identity/index.ts';
import { Eraser, openErasingDatabase } from '../modules/privacy/index.ts';
import { ContentCache } from '../modules/templates/index.ts';
import { loadConfig } from '../platform/config/index.ts';
import { newMasterKey } from '../platform/crypto/index.ts';
import type { Database } from '../platform/database/database.ts';
import { laneOf, newId } from '../platform/ids.ts';
import { createLog } from '../platform/log.ts';
import { composePersonalData } from './compose-personal-data.ts';
import { startCarillon } from './start.ts';
import type { Carillon } from './start.ts';

/** Tables in which the test puts something about the person: erasing must find it in each. */
const HOLD_PEOPLE = [
  'aliases',
  'consents',
  'contents',
  'custom_event_names',
  'custom_events',
  'deliveries',
  'delivery_events',
  'delivery_retries',
  'event_stream_attempts',
  'event_stream_held',
  'feed',
  'former_users',
  'frequency_marks',
  'idempotency_keys',
  'import_batches',
  'inbound_sms',
  'journey_entries',
  'journey_refusals',
  'journey_runs',
  'journey_trace',
  'lane_inbox',
  'live_activity_tokens',
  'message_chunks',
  'messages',
  'moved_subscriptions',
  'sandbox_messages',
  'segment_state',
  'segments',
  'sms_opt_outs',
  'subscriptions',
  'suppressions',
  'tokens',
  'user_changes',
  'users',
  'webhook_attempts',
  'webhook_calls',
];

/** Tables that hold nothing about people, and why. A table in neither list fails the test: say which it is. */
const HOLD_NOBODY: Readonly<Record<string, string>> = {
  changed_users: 'who has changed and was not looked at yet: an id for less than a second, tested by itself',
  ab_tests: 'names of variants, and ids of messages to many',
  api_keys: 'keys of companies',
  app_policies: 'of companies',
  apps: 'of companies',
  audience_use: 'counts of recipients',
  audit_log: 'what people of companies did to apps, keys and policies',
  custom_event_keys: 'keys that callers made at random, for some hours',
  data_feeds: 'addresses of companies',
  deleted_apps: 'names of apps',
  endpoint_posts:
    'what waits, for a day at most, to be told to rooms of the company itself; its text goes when it ends',
  endpoints: 'of companies, encrypted',
  event_streams: 'of companies, encrypted, with positions',
  erasures: 'whom there is still something to erase of, and nobody after that: tested by itself',
  export_files: 'which rows of what, and columns, files were asked of: messages and segments, not people',
  export_pieces: 'packed files that a company asked for, gone three days later',
  feed_floors: 'positions',
  feed_heads: 'positions',
  feed_topics: 'what companies want to be told',
  functions_version: 'of the program',
  identity_keys: 'public keys of companies',
  import_pieces: 'packed files that a company brings, gone when their import has ended: tested by itself',
  import_rejects: 'lines and rules, not what was in the rows',
  imports: 'names of files and how far they have come',
  journey_counts: 'sums of what many did',
  journey_launches: 'how far a launch has come in each lane',
  journey_version: 'a number',
  journey_versions: 'written by companies for many',
  journeys: 'written by companies for many',
  lane_owners: 'processes',
  live_segments: 'which segments are watched',
  live_segments_version: 'a number',
  lanes: 'owners and epochs',
  message_platforms: 'sums of how messages fared on kinds of devices',
  migrations: 'of the program',
  organizations: 'companies',
  outcome_counts: 'sums of what many did, under names that companies chose',
  provider_accounts: 'of companies, encrypted',
  provider_days: 'counts of companies',
  provider_pauses: 'what providers answer when they are down, without addresses',
  rate_limits: 'of companies',
  segment_walks: 'how far a walk through the users of a lane has come: an id of one of them, for seconds',
  segment_watches: 'which journeys watch segments',
  session_watches: 'which journeys watch sessions',
  sms_keywords: 'words and replies of companies',
  rate_windows: 'addresses of callers, tied to no user, as long as a limit counts',
  spare_contents: 'ids of contents',
  watched_apps: 'names of events that companies chose',
  templates: 'names of what is written for many',
  webhooks: 'of companies, encrypted',
};

const IPHONE = 'a7'.repeat(32);
const ACTIVITY = 'c3'.repeat(40);

const log = createLog({ level: 'silent' });
const clock = new FakeClock(Date.now());
let test: TestDatabase;
let erasing: Database;
let eraser: Eraser;
let carillon: Carillon;
let dataDir: string;
let receiver: Server;

beforeAll(async () => {
  test = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'carillon-erasing-'));
  const config = loadConfig(
    {
      DATABASE_URL: test.url,
      CARILLON_MASTER_KEY: newMasterKey(),
      CARILLON_DATA_DIR: dataDir,
      CARILLON_PORT: '0',
      CARILLON_OUTBOUND_ALLOWED: '127.0.0.1',
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
    },
    dataDir,
  );
  carillon = await startCarillon(config, { log });
  receiver = createServer(takeAllButClicks).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  erasing = openErasingDatabase({ url: test.url });
  const { database } = test;
  const identity = new Identity({ database, clock });
  const contents = new ContentCache(database);
  const parts = composePersonalData({ database: erasing, clock, identity, contents });
  eraser = new Eraser({ database: erasing, clock, log, parts });
});
afterAll(async () => {
  await carillon.stop();
  receiver.close();
  await erasing.end();
  await test.drop();
  await rm(dataDir, { recursive: true, force: true });
});

/** That Anna clicked waits to be told again. */
function takeAllButClicks(request: IncomingMessage, response: ServerResponse): void {
  let body = '';
  request.on('data', (piece: Buffer) => {
    body += piece.toString();
  });
  request.on('end', () => response.writeHead(body.includes('email.clicked') ? 422 : 204).end());
}

// oxlint-disable-next-line typescript/no-explicit-any
type Body = any;

async function call(method: string, path: string, body?: object): Promise<{ status: number; body: Body }> {
  const answer = await fetch(`${carillon.url}${path}`, {
    method,
    headers: { authorization: `Key ${carillon.appKey}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

async function done(method: string, path: string, body?: object): Promise<Body> {
  const answer = await call(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  return answer.body;
}

const of = (path: string) => `/apps/${carillon.appId}/${path}`;
const send = (message: object) =>
  done('POST', '/notifications', { app_id: carillon.appId, target_channel: 'email', ...message });
const rowsOf = <Row extends object>(text: string, values: unknown[] = []) =>
  test.database.rows<Row>({ name: '', text }, values);

async function tables(): Promise<string[]> {
  const rows = await rowsOf<{ name: string }>(
    `select c.relname as name from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** The tables in which a text stands in any column of whatever type, as text or in bytes. */
async function tablesWith(value: string): Promise<string[]> {
  const found: string[] = [];
  for (const table of await tables()) {
    const [row] = await rowsOf<{ found: boolean }>(
      `select exists (
         select from ${table} t
         where strpos(lower(to_jsonb(t)::text), lower($1)) > 0 or strpos(to_jsonb(t)::text, $2) > 0) as found`,
      [value, Buffer.from(value).toString('hex')],
    );
    if (row?.found) found.push(table);
  }
  return found;
}

async function readFeed(): Promise<Body[]> {
  return (await done('GET', of('feed?limit=10000'))).events;
}

function kindsOf(feed: readonly Body[], messageId: string): string[] {
  return feed.filter((event) => event.message_id === messageId).map((event) => event.kind);
}

/** All due passes, with the clock moved on between them. */
async function eraseAll(erasureId: string): Promise<Erasure> {
  return until('the erasure is done', async () => {
    await clock.advance(15 * 60_000);
    await eraser.work();
    const erasure: Erasure = await done('GET', of(`erasures/${erasureId}`));
    return erasure.state === 'done' && erasure;
  });
}

/** What is Anna's alone, by a name for it. Every value is found in the database before, and nowhere after. */
interface Anna {
  readonly id: string;
  /** A message that went to her address while it was Carl's. */
  readonly forCarl: string;
  readonly values: Readonly<Record<string, string>>;
}

/** So that it is kept when people were written to. */
async function setFrequencyCap(): Promise<void> {
  const answer = await fetch(`${carillon.url}${of('policy')}`, {
    method: 'PATCH',
    headers: { authorization: `Key ${carillon.organizationKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ sending: { frequency_cap: { messages: 100, minutes: 60 } } }),
  });
  if (!answer.ok) throw new Error(`PATCH policy: ${await answer.text()}`);
}

async function bring(file: string): Promise<string> {
  const answer = await fetch(`${carillon.url}${of('imports')}`, {
    method: 'POST',
    headers: { authorization: `Key ${carillon.appKey}`, 'content-type': 'text/csv' },
    body: file,
  });
  const { id }: Body = await answer.json();
  return id;
}

/** What was before it is kept for an undo. */
async function importRows(file: string): Promise<void> {
  await importOne(await bring(file));
}

async function importOne(id: string): Promise<void> {
  await done('POST', of(`imports/${id}/start`));
  await until('the rows are imported', async () => (await done('GET', of(`imports/${id}`))).state === 'done');
}

/** Makes a journey that is live. */
async function begin(
  audience: object,
  nodes: object[] = [{ kind: 'wait', duration_seconds: 3_600 }],
): Promise<void> {
  const journey = await done('POST', of('journeys'), { name: 'Way', audience, nodes });
  await done('PATCH', of(`journeys/${journey.id}`), { state: 'active' });
}

async function enterBySegment(filter: object): Promise<void> {
  const segment = await done('POST', of('segments'), { name: 'Those who enter', filters: [filter] });
  await begin({ kind: 'segment', included_segment_ids: [segment.id] });
  await until('somebody has entered', async () => (await rowsOf('select from journey_entries')).length > 0);
}

async function makeAnna(): Promise<Anna> {
  await setFrequencyCap();
  const users = of('users');
  // Once a device without a name, then she logs in: what was known of the device is hers.
  const device = 'https://push.example/anna-5512';
  const anonymous = await done('POST', users, { subscriptions: [{ type: 'ChromePush', token: device }] });
  const event = (who: object, name: string, properties: object) =>
    done('POST', of('custom_events'), { events: [{ name, properties, ...who }] });
  await done('PUT', of('feed/topics'), { topics: ['custom_events', 'subscriptions'] });
  await event({ onesignal_id: anonymous.identity.onesignal_id }, 'looked', { page: 'anonymous-page-3341' });
  // Her address was somebody else's before.
  await done('POST', users, {
    identity: { external_id: 'carl' },
    subscriptions: [{ type: 'Email', token: 'anna.lindqvist@example.com' }],
  });
  const { id: forCarl } = await send({
    include_aliases: { external_id: ['carl'] },
    email_subject: 'For Carl',
    email_body: 'For Carl',
  });
  const { identity } = await done('POST', users, {
    identity: { external_id: 'anna-7f3k', crm_id: 'CRM-77120' },
    properties: { tags: { city: 'tag-value-of-anna' }, test_user_name: 'Anna Testperson', lat: 59.3293 },
    subscriptions: [
      { type: 'ChromePush', token: device, device_model: 'device-of-anna-9' },
      {
        type: 'Email',
        token: 'anna.lindqvist@example.com',
        consent: { granted: true, at: '2026-01-02T03:04:05Z', source: 'form', text: 'words-anna-agreed-to' },
      },
      { type: 'Email', token: 'defer+anna-second@example.com' },
      { type: 'SMS', token: '+46701740605' },
      { type: 'iOSPush', token: IPHONE },
    ],
  });
  await importRows('external_id,plan\nanna-7f3k,imported');
  await done('POST', users, { identity: { external_id: 'ben' } });
  await done('POST', users, { identity: { old_id: 'old-anna-8841' } });
  await event({ external_id: 'anna-7f3k' }, 'bought', { thing: 'event-property-of-anna' });
  await done('POST', of('users/by/external_id/anna-7f3k/merge'), { from: { old_id: 'old-anna-8841' } });
  await done('PATCH', of('users/by/external_id/anna-7f3k'), {
    properties: {},
    deltas: { purchases: [{ sku: 'sku-of-anna', amount: '7.95', iso: 'EUR', count: 1 }] },
  });
  const whole = await done('GET', of('users/by/external_id/anna-7f3k'));
  const subscriptions = whole.subscriptions.map((one: { id: string }) => one.id);
  const values: Record<string, string> = {
    device,
    'id before the login': anonymous.identity.onesignal_id,
    'event before the login': 'anonymous-page-3341',
    'external id': 'anna-7f3k',
    'crm id': 'CRM-77120',
    'merged alias': 'old-anna-8841',
    email: 'anna.lindqvist@example.com',
    'second email': 'defer+anna-second@example.com',
    phone: '46701740605',
    iphone: IPHONE,
    'tag value': 'tag-value-of-anna',
    'test user name': 'Anna Testperson',
    'device model': 'device-of-anna-9',
    consent: 'words-anna-agreed-to',
    purchase: 'sku-of-anna',
    'event property': 'event-property-of-anna',
    id: identity.onesignal_id,
    ...Object.fromEntries(subscriptions.map((id: string, n: number) => [`subscription ${n}`, id])),
  };
  return { id: identity.onesignal_id, forCarl, values };
}

/** A call that waits for another day, and one that was made, as a journey would have them. */
async function callWebhooksAbout(anna: Anna): Promise<void> {
  const webhook = await done('POST', of('webhooks'), { name: 'Calls', url: 'https://shop.example/calls' });
  const call = newId();
  await rowsOf(
    `insert into webhook_calls (lane, id, app_id, webhook_id, user_id, origin, context, created_at, due_at)
     values ($1, $2, $3, $4, $5, '{}', $6, now(), now() + interval '9 days')`,
    [laneOf(anna.id), call, carillon.appId, webhook.id, anna.id, { journey: { name: 'call-of-anna' } }],
  );
  await rowsOf(
    `insert into webhook_attempts
       (app_id, webhook_id, id, at, call_id, user_id, number, outcome, milliseconds, about, request)
     values ($1, $2, $3, now(), $3, $4, 1, 'taken', 1, array[$3, $4]::uuid[], 'called-about-anna')`,
    [carillon.appId, webhook.id, call, anna.id],
  );
}

/** Journeys, messages and what came of them, and a place that is told of it. */
async function writeToAnna(anna: Anna): Promise<Record<string, string>> {
  const { port } = receiver.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/events`;
  await done('PUT', of('event_streams/shop'), { kind: 'webhook', url });
  const template = await done('POST', '/templates', {
    app_id: carillon.appId,
    name: 'Welcome',
    isEmail: true,
    email_subject: 'Welcome',
    email_body: '<p>Welcome <a href="https://shop.example/start">start</a></p>',
  });
  for (const nodes of [
    [{ kind: 'send_email', template_id: template.id }],
    [{ kind: 'wait', duration_seconds: 3_600 }],
  ]) {
    await begin({ kind: 'event_trigger', name: 'came' }, nodes);
  }
  await enterBySegment({ field: 'tag', key: 'city', relation: 'exists' });
  await begin({
    kind: 'event_trigger',
    name: 'came',
    attributes: [[{ key: 'why', operator: 'equal', value: 'another' }]],
  });
  await done('POST', of('custom_events'), {
    events: [{ name: 'came', external_id: 'anna-7f3k', properties: { why: 'journey-event-of-anna' } }],
  });
  await done('POST', of('segments'), {
    name: 'Two people',
    filters: [
      { field: 'email', value: 'Anna.Lindqvist@example.com' },
      { operator: 'OR' },
      { field: 'email', relation: '!=', value: 'ben@example.com' },
    ],
  });
  const alone = await send({
    name: 'Letter to Anna alone',
    include_aliases: { external_id: ['anna-7f3k'] },
    email_subject: 'Dear Anna Lindqvist',
    email_body: '<p>Secret text for Anna <a href="https://shop.example/order/anna-order-31">x</a></p>',
    custom_data: { order: 'custom-data-of-anna' },
    idempotency_key: '0d9b6c1a-5f0e-4b7e-8a46-3c2f9d1e7b01',
  });
  await send({
    include_aliases: { external_id: ['anna-7f3k', 'carl'], crm_id: ['CRM-77120'] },
    email_subject: 'For both',
    email_body: 'For both',
    idempotency_key: '0d9b6c1a-5f0e-4b7e-8a46-3c2f9d1e7b02',
  });
  const her = { include_aliases: { external_id: ['anna-7f3k'] } };
  await send({ ...her, target_channel: 'push', contents: { en: 'pushed-to-anna' } });
  await send({ ...her, target_channel: 'sms', contents: { en: 'texted-to-anna' } });
  await until('push and text have arrived', async () => {
    const { messages } = await done('GET', '/sandbox/messages?limit=200');
    const previews = new Set(messages.map(({ preview }: Body) => preview));
    return previews.has('pushed-to-anna') && previews.has('texted-to-anna');
  });
  await send({ included_segments: ['All'], email_subject: 'For all', email_body: 'For all' });
  await send({
    include_aliases: { external_id: ['anna-7f3k'] },
    email_subject: 'Tomorrow for Anna',
    email_body: 'Tomorrow for Anna alone',
    send_after: new Date(Date.now() + 86_400_000).toISOString(),
  });
  const first = await until('her mail arrives', async () => {
    const { messages } = await done('GET', '/sandbox/messages?recipient=anna.lindqvist&limit=50');
    return messages.find((one: { subject: string }) => one.subject === 'Dear Anna Lindqvist') ?? false;
  });
  const mail = await done('GET', `/sandbox/messages/${first.id}`);
  const link = /https?:\/\/[^"\s]+\/t\/c\/[\w-]+/.exec(JSON.stringify(mail))?.[0] ?? '';
  await fetch(link, { redirect: 'manual' });
  await until('the click is known', async () => {
    const view = await done('GET', `/notifications/${alone.id}?app_id=${carillon.appId}`);
    return view.platform_delivery_stats.email.clicks === 1;
  });
  await until('a run waits, and a delivery is to be tried again', async () => {
    const [row] = await rowsOf<{ runs: number; retries: number; open: number }>(
      `select (select count(*)::int from journey_runs) as runs,
         (select count(*)::int from delivery_retries) as retries,
         (select count(*)::int from message_chunks where state = 'open') as open`,
    );
    return row !== undefined && row.runs > 0 && row.retries > 0 && row.open === 0;
  });
  const text = await until('her text message arrives', async () => {
    const { messages } = await done('GET', '/sandbox/messages?recipient=46701740605&limit=10');
    return messages[0] ?? false;
  });
  await until('the place was told of her, and has not taken her click', async () => {
    const [row] = await rowsOf<{ told: boolean; held: boolean }>(
      `select exists (select from event_stream_attempts where request like '%anna.lindqvist%') as told,
         exists (select from event_stream_held where user_key = $1) as held`,
      [anna.id],
    );
    return row !== undefined && row.told && row.held;
  });
  await done('POST', `/sandbox/messages/${text.id}/reply`, { text: 'texted-back-by-anna' });
  await done('POST', of('suppressions'), { suppressions: [{ address: 'anna.lindqvist@example.com' }] });
  await done('POST', of('channels/sms/opt-outs'), {
    opt_outs: [{ number: '+46701740605', sender: '+15550100000' }],
  });
  await followOrder();
  await callWebhooksAbout(anna);
  // Of a kind that no worker of this release takes: it stays in the inbox.
  await rowsOf(
    `insert into lane_inbox (lane, app_id, user_id, kind, payload, at) values ($1, $2, $3, 'later', $4, now())`,
    [laneOf(anna.id), carillon.appId, anna.id, { what: 'waiting-for-anna' }],
  );
  // As if she had been unsubscribed when a message to both was asked for.
  await rowsOf(
    `update idempotency_keys set response = response || '{"errors": {"invalid_aliases": {"external_id": ["anna-7f3k", "carl"]}}}'
     where key = '0d9b6c1a-5f0e-4b7e-8a46-3c2f9d1e7b02'`,
  );
  return {
    'journey event': 'journey-event-of-anna',
    'name of a message': 'Letter to Anna alone',
    subject: 'Dear Anna Lindqvist',
    body: 'Secret text for Anna',
    'link followed': 'anna-order-31',
    'custom data': 'custom-data-of-anna',
    'scheduled text': 'Tomorrow for Anna alone',
    waiting: 'waiting-for-anna',
    'live activity': ACTIVITY,
    'state of a live activity': 'courier-of-anna',
    'text of hers': 'texted-back-by-anna',
    'call that waits': 'call-of-anna',
    'call that was made': 'called-about-anna',
  };
}

/** Her telephone shows an order's way as a live activity. */
async function followOrder(): Promise<void> {
  const { subscriptions } = await done('GET', of('users/by/external_id/anna-7f3k'));
  const { id } = subscriptions.find(({ token }: Body) => token === IPHONE);
  const body = JSON.stringify({ subscription_id: id, push_token: ACTIVITY });
  const headers = { 'content-type': 'application/json' };
  await fetch(`${carillon.url}${of('live_activities/order-31/token')}`, { method: 'POST', headers, body });
  const sent = await done('POST', of('live_activities/order-31/notifications'), {
    event: 'update',
    event_updates: { courier: 'courier-of-anna' },
    name: 'Order',
  });
  await until('the activity has arrived', async () => {
    const view = await done('GET', `/notifications/${sent.id}?app_id=${carillon.appId}`);
    return view.successful === 1;
  });
}

describe('a person with every kind of data', () => {
  let values: Readonly<Record<string, string>>;
  let exported: Body;
  let forCarl: string;

  beforeAll(async () => {
    const anna = await makeAnna();
    forCarl = anna.forCarl;
    values = { ...anna.values, ...(await writeToAnna(anna)) };
  }, 120_000);

  it('is known of in every table that can hold something about people', async () => {
    expect(await tables(), 'a new table: put something of the person into it, or say why not').toEqual(
      [...HOLD_PEOPLE, ...Object.keys(HOLD_NOBODY)].toSorted(),
    );
    const found = new Set<string>();
    for (const [name, value] of Object.entries(values)) {
      const places = await tablesWith(value);
      expect.soft(places, name).not.toEqual([]);
      for (const place of places) found.add(place);
    }
    expect([...found].toSorted()).toEqual(HOLD_PEOPLE);
  });

  it('is told all of it in one document', async () => {
    exported = await done('GET', of('users/by/external_id/anna-7f3k/export'));
    const text = JSON.stringify(exported);
    for (const [name, value] of Object.entries(values)) {
      // What has not happened yet, and what the inbox of a later release holds.
      if (name === 'waiting' || name === 'scheduled text') continue;
      expect.soft(text.includes(value), name).toBe(true);
    }
    expect(Object.keys(exported)).toEqual([
      'app_id',
      'exported_at',
      'user',
      'former_onesignal_ids',
      'consents',
      'history',
      'live_segments',
      'custom_events',
      'journey_runs',
      'journey_trace',
      'journey_entries',
      'journey_refusals',
      'webhook_calls',
      'webhook_attempts',
      'live_activity_tokens',
      'messages',
      'inbound_sms',
      'sms_opt_outs',
      'sandbox_messages',
      'suppressions',
    ]);
    // It went to this very address while that was Carl's.
    expect(JSON.stringify(exported.messages)).not.toContain('For Carl');
    expect((await call('GET', of('users/by/external_id/nobody/export'))).status).toBe(404);
  });

  it('is found nowhere any more once it is erased, and others are where they were', async () => {
    const feedBefore = await readFeed();
    const deleted = await done('DELETE', of('users/by/external_id/anna-7f3k'));
    expect((await call('GET', of('users/by/external_id/anna-7f3k'))).status).toBe(404);
    expect(await done('GET', of(`erasures/${deleted.erasure_id}`))).toMatchObject({
      kind: 'user',
      state: 'waiting',
      done_at: null,
      source: 'api',
      key: { name: expect.any(String) },
    });

    const erasure = await eraseAll(deleted.erasure_id);
    expect(erasure.erased).toMatchObject({
      custom_events: 3,
      journey_runs: 2,
      waiting_events: 1,
      messages: expect.any(Number),
      sandbox_messages: expect.any(Number),
      inbound_sms: 1,
      suppressions: 1,
      sms_opt_outs: 1,
      webhook_calls: 1,
      webhook_attempts: 1,
    });
    for (const [name, value] of Object.entries(values)) {
      expect.soft(await tablesWith(value), name).toEqual([]);
    }
    const wrong = await rowsOf(
      `select message_id from message_chunks
       where state = 'done' and targets is not null and cardinality(targets) <>
         sent + failed + unsubscribed + suppressed + capped + expired + cancelled + unknown`,
    );
    expect(wrong, 'counts add up to the audience').toEqual([]);
    const feed = await readFeed();
    expect(feed.length).toBeGreaterThanOrEqual(feedBefore.length);
    expect(kindsOf(feed, forCarl)).toEqual(kindsOf(feedBefore, forCarl));
    expect((await done('GET', of('users/by/external_id/carl'))).identity.external_id).toBe('carl');
    const found = await done('GET', `${of('erasures')}?alias=external_id:anna-7f3k`);
    expect(found.erasures).toEqual([erasure]);
    expect((await done('GET', `${of('erasures')}?alias=external_id:carl`)).erasures).toEqual([]);
  }, 120_000);
});

describe('a person whose rows wait in files', () => {
  const LONG = 300_000;

  it('goes out of them, also while one is imported, and is not made again', async () => {
    const email = 'dora@example.com';
    const identity = { external_id: 'dora-31' };
    await done('POST', of('users'), { identity, subscriptions: [{ type: 'Email', token: email }] });
    const rows = ['external_id,email,note', 'emil,emil@example.com,dora-31'];
    const waiting = await bring([...rows, 'dora-31,,"two', 'lines"', ',Dora@Example.com,x', ''].join('\n'));
    const long = await bring(
      `external_id\n${Array.from({ length: LONG }, (_, n) => `l${n}\n`).join('')}dora-31\n`,
    );
    await done('POST', of(`imports/${long}/start`));
    await until('it is under way', async () => (await done('GET', of(`imports/${long}`))).counts.rows > 0);

    const { erasure_id } = await done('DELETE', of('users/by/external_id/dora-31'));
    expect((await eraseAll(erasure_id)).erased['import_files']).toBe(3);
    const pieces = await rowsOf<{ bytes: Buffer }>('select bytes from import_pieces where import_id = $1', [
      waiting,
    ]);
    const text = pieces.map(({ bytes }) => inflateRawSync(bytes).toString()).join('');
    const gone = ['dora-31,,"two', 'lines"', ',Dora@Example.com,x'].map((line) => ' '.repeat(line.length));
    expect(text).toBe([...rows, ...gone, ''].join('\n'));

    const ended = await until('it is done', async () => {
      const view = await done('GET', of(`imports/${long}`));
      return view.state === 'done' && view;
    });
    expect(ended.counts).toEqual({ rows: LONG, created: LONG, updated: 0, unchanged: 0, rejected: 0 });
    await importOne(waiting);
    expect((await call('GET', of('users/by/external_id/dora-31'))).status).toBe(404);
    expect((await done('GET', of('users/by/external_id/emil'))).properties.tags).toEqual({ note: 'dora-31' });
  }, 180_000);
});
