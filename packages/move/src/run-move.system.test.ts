import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Client, required } from '@carillon/client';
import { startOneSignalFake } from '@carillon/onesignal-fake';
import type { OneSignalFake } from '@carillon/onesignal-fake';
import { createLog, loadConfig, startCarillon } from '@carillon/server';
import { createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { runMove } from './index.ts';

const APNS_TOKEN = 'a'.repeat(64);
const P256 = 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4';
const FIREFOX = {
  type: 'FirefoxPush',
  token: 'https://updates.push.services.mozilla.com/wpush/v2/abc',
  web_p256: P256,
  web_auth: 'BTBZMqHH6r4Tts7J_aSIgg',
};
const PRO = [
  { field: 'tag', key: 'plan', relation: '=', value: 'pro' },
  { operator: 'OR' },
  { field: 'last_session', relation: '>', hours_ago: '24' },
];

let database: TestDatabase;
let carillon: Awaited<ReturnType<typeof startCarillon>>;
let owner: Client;
let client: Client;
let fake: OneSignalFake;
let folder: string;
let appKey: string;
let appId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const env = {
    DATABASE_URL: database.url,
    CARILLON_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    CARILLON_PORT: '0',
    CARILLON_SANDBOX: 'false',
    CARILLON_OUTBOUND_ALLOWED: '127.0.0.1',
  };
  carillon = await startCarillon(loadConfig(env), { log: createLog({ level: 'silent' }) });
  owner = new Client({
    url: carillon.url ?? '',
    appId: carillon.appId ?? '',
    apiKey: carillon.organizationKey ?? '',
  });
});
afterAll(async () => {
  await owner.close();
  await carillon.stop();
  await database.drop();
});

beforeEach(async () => {
  const organization_id = carillon.organizationId ?? '';
  appId = required(await owner.apps.create({ name: 'Moved', organization_id })).id;
  const keys = new Client({ url: carillon.url ?? '', appId, apiKey: carillon.organizationKey ?? '' });
  appKey = required(await keys.apiKeys.create({ name: 'move' })).formatted_token;
  await keys.close();
  client = new Client({ url: carillon.url ?? '', appId, apiKey: appKey });
  folder = await mkdtemp(join(tmpdir(), 'move-'));
  fake = await startOneSignalFake({ rates: { eachUser: false } });
  await addUser('anna', [
    { type: 'Email', token: 'anna@example.com' },
    { type: 'iOSPush', token: APNS_TOKEN },
  ]);
  await addUser('ben', [FIREFOX, { type: 'SMS', token: '+15555550100', enabled: false }]);
  fake.app.addTemplate(
    {
      name: 'Shipped',
      channel: 'email',
      content: { isEmail: true, email_subject: 'Hi {{ user.tags.name }}', email_body: '<p>On its way</p>' },
    },
    Date.now(),
  );
  fake.app.addTemplate({ name: 'Code', channel: 'sms', content: { contents: { en: 'Code' } } }, Date.now());
  fake.app.addSegment({ name: 'Pro', filters: PRO, subscribers: 3 }, Date.now());
});
afterEach(async () => {
  await client.close();
  await fake.stop();
  await rm(folder, { recursive: true });
});

async function addUser(externalId: string, subscriptions: object[]): Promise<void> {
  const response = await fetch(`${fake.url}/apps/${fake.appId}/users`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Key ${fake.apiKey}` },
    body: JSON.stringify({
      identity: { external_id: externalId },
      properties: { tags: { plan: 'pro' }, language: 'en' },
      subscriptions,
    }),
  });
  expect(response.status).toBe(200);
}

const path = (name: string) => join(folder, name);

function environment(): Record<string, string> {
  return {
    ONESIGNAL_URL: fake.url,
    ONESIGNAL_APP_ID: fake.appId,
    ONESIGNAL_API_KEY: fake.apiKey,
    CARILLON_URL: carillon.url ?? '',
    CARILLON_APP_ID: appId,
    CARILLON_API_KEY: appKey,
  };
}

async function run(args: string[] = [], env: Record<string, string> = {}) {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const files = ['--state', path('state.json'), '--rejects', path('rejects.csv')];
  const code = await runMove([...files, ...args], { ...environment(), ...env }, { out: say, error: say });
  return { code, text: lines.join('\n') };
}

/** For runs that follow each other faster than anybody's would. */
const viewFast = () => fake.limits.change('views', 1000, Date.now());
const linesOf = (text: string) => text.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
const user = (id: string) => client.users.view({ label: 'external_id', id });
const exportsAsked = () => fake.requests.get('POST /players/csv_export') ?? 0;

describe('a move', () => {
  it('brings users, tags, subscriptions with their tokens, templates and segments, and tells both counts', async () => {
    // More views than may go at once.
    for (const name of ['One', 'Two', 'Three']) {
      fake.app.addTemplate({ name, content: { contents: { en: name } } }, Date.now());
    }
    const { code, text } = await run();
    expect(text).toContain('people: 4 rows: 2 created, ');
    expect(code).toBe(0);
    const anna = required(await user('anna'));
    expect(anna.properties).toMatchObject({ tags: { plan: 'pro' }, language: 'en' });
    expect(anna.subscriptions?.map(({ type, token }) => `${type} ${token}`).toSorted()).toEqual([
      'Email anna@example.com',
      `iOSPush ${APNS_TOKEN}`,
    ]);
    const ben = required(await user('ben')).subscriptions ?? [];
    expect(ben.find(({ type }) => type === 'FirefoxPush')).toMatchObject({
      token: FIREFOX.token,
      web_p256: P256,
      web_auth: FIREFOX.web_auth,
    });
    expect(ben.find(({ type }) => type === 'SMS')).toMatchObject({ enabled: false });
    const [shipped, code2] = required(await client.templates.list()).templates;
    expect(required(await client.templates.view(shipped?.id ?? ''))).toMatchObject({
      name: 'Shipped',
      channel: 'email',
      content: { email_subject: 'Hi {{ user.tags.name }}', email_body: '<p>On its way</p>' },
    });
    expect(required(await client.templates.view(code2?.id ?? ''))).toMatchObject({
      name: 'Code',
      channel: 'sms',
      content: { contents: { en: 'Code' } },
    });
    const pro = fake.app.segments.find(({ name }) => name === 'Pro');
    const segment = required(await client.segments.view(pro?.id ?? '', { detail: true }));
    expect(segment.payload?.filters).toEqual(PRO);
    expect(text).toContain('count of templates: 5 there, 5 here');
    expect(text).toContain('count of subscriptions in "Subscribed Users": 3 there, 3 here');
    expect(text).toContain('count of subscriptions in "Pro": 3 there, 3 here');
    expect(text).toMatch(/by hand: web_push: the VAPID pair .*\n.*PUT .*\/channels\/web_push/);
    expect(fake.violations.list()).toEqual([]);
  });

  it('writes only what differs when it is run again', async () => {
    viewFast();
    await run();
    const before = required(await client.templates.list()).templates;
    const again = await run();
    expect(again.code).toBe(0);
    expect(again.text).toContain('template "Shipped": is here as it is there');
    expect(again.text).toContain('segment "Pro": is here as it is there');
    expect(required(await client.templates.list()).templates).toEqual(before);
    expect(exportsAsked()).toBe(1);
    await addUser('carl', [{ type: 'Email', token: 'carl@example.com' }]);
    Object.assign(fake.app.templates[1]?.content ?? {}, { contents: { en: 'Your code' } });
    const changed = await run(['--again', '--json']);
    expect(linesOf(changed.text)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          step: 'people',
          state: 'done',
          counts: { rows: 5, created: 1, updated: 0, unchanged: 4, rejected: 0 },
        }),
        expect.objectContaining({ name: 'Shipped', outcome: 'same' }),
        expect.objectContaining({ name: 'Code', outcome: 'updated', here: before[1]?.id }),
      ]),
    );
    expect(required(await client.templates.view(before[1]?.id ?? '')).content.contents).toEqual({
      en: 'Your code',
    });
  });

  it('only shows what it would do, and the run after that uses the same export and import', async () => {
    viewFast();
    const dry = await run(['--dry-run']);
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.text).toContain('people: 4 rows would be: 4 created');
    expect(dry.text).toContain('template "Shipped": would be created');
    expect(dry.text).toContain('segment "Pro": would be created');
    expect((await user('anna')).ok).toBe(false);
    expect(required(await client.templates.list()).total_count).toBe(0);
    expect((await run(['--dry-run'])).text).toContain('people: 4 rows would be');
    expect((await run()).code).toBe(0);
    expect((await user('anna')).ok).toBe(true);
    expect(exportsAsked()).toBe(1);
    expect(required(await client.imports.list()).imports).toHaveLength(1);
  });

  it('goes on after a failure where it was', async () => {
    viewFast();
    const wrong = await run([], { CARILLON_API_KEY: 'wrong' });
    expect(wrong.code).toBe(6);
    expect(wrong.text).toMatch(/Carillon: HTTP 40[13]/);
    expect((await run([], { CARILLON_API_KEY: 'wrong' })).code).toBe(6);
    expect((await run()).code).toBe(0);
    expect(exportsAsked()).toBe(1);
  });

  it('hands the export over by its URL', async () => {
    const { code, text } = await run(['--by-url', '--only', 'people']);
    expect(text).toContain('people: 4 rows: 2 created, ');
    expect(code).toBe(0);
    expect(required(await client.imports.list()).imports).toMatchObject([{ from: '127.0.0.1' }]);
  });

  it('tells what it has left out, and ends with 3', async () => {
    viewFast();
    fake.app.people.subscribe(fake.app.people.add(), 'Email', 'no address');
    fake.app.addSegment({ name: 'Buyers', isUserBased: true }, Date.now());
    const secret = [{ field: 'vip_score', relation: '>', value: '3', unsupported_in_api: true }];
    fake.app.addSegment({ name: 'Secret', filters: secret }, Date.now());
    await client.templates.create({
      name: 'Shipped',
      isEmail: true,
      email_subject: 'Ours',
      email_body: 'Ours',
    });
    const broken = { email_subject: 'x', email_body: '{% if %}' };
    fake.app.addTemplate({ name: 'Broken', channel: 'email', content: broken }, Date.now());
    const odd = [{ field: 'shoe_size', relation: '=', value: '44' }];
    fake.app.addSegment({ name: 'Odd', filters: odd }, Date.now());
    for (const args of [['--dry-run'], []]) {
      const { text } = await run(['--only', 'templates,segments', ...args]);
      expect(text).toContain('template "Broken": Carillon refuses it: ');
      expect(text).toContain('segment "Odd": Carillon refuses it: ');
    }
    const kept = path('export.csv.gz');
    const { code, text } = await run(['--export-file', kept]);
    expect(code).toBe(3);
    expect(text).toContain('1 rejected');
    expect(await readFile(path('rejects.csv'), 'utf8')).toMatch(/^line,column,rule\r?\n6,identifier,/);
    expect((await readFile(kept)).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
    expect(text).toMatch(/segment "Buyers": to be made by hand: User-based segments/);
    expect(text).toContain('segment "Secret": to be made by hand: its filters on vip_score exist');
    expect(text).toContain('template "Shipped": left alone');
    const list = async () => required(await client.templates.list()).templates.map(({ name }) => name);
    expect((await list()).toSorted()).toEqual(['Code', 'Shipped']);
    expect((await run(['--overwrite', '--only', 'templates'])).text).toContain('template "Shipped": updated');
    expect((await list()).toSorted()).toEqual(['Code', 'Shipped']);
  });

  it('says no key and no address of the export, and keeps its state from others', async () => {
    const { text } = await run(['--json']);
    const state = await readFile(path('state.json'), 'utf8');
    for (const secret of [fake.apiKey, appKey]) {
      expect(text).not.toContain(secret);
      expect(state).not.toContain(secret);
    }
    expect(text).not.toContain('/_fake/exports/');
    expect((await stat(path('state.json'))).mode & 0o777).toBe(0o600);
  });

  it('ends with the number that says who can act', async () => {
    expect((await run([], { ONESIGNAL_API_KEY: 'wrong' })).code).toBe(6);
    expect((await run(['--only', 'pets'])).text).toBe(
      '--only names "pets", and must name people, templates, segments',
    );
    expect(await run([], { ONESIGNAL_APP_ID: '' })).toEqual({
      code: 2,
      text: 'ONESIGNAL_APP_ID is required: the id of the app',
    });
    expect((await run(['--colour'])).code).toBe(2);
    await writeFile(path('state.json'), '{}');
    expect(await run()).toMatchObject({ code: 2, text: expect.stringContaining('--state') as unknown });
    expect((await run(['--help'])).text).toContain('carillon move');
  });
});
