import { createTestDatabase, FakeClock } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { statement } from '../../platform/database/database.ts';
import type { Authenticator } from '../../platform/http/route.ts';
import { createHttpServer } from '../../platform/http/server.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { newId } from '../../platform/ids.ts';
import { createLog } from '../../platform/log.ts';
import { ContentCache, createAdmission, MjmlCompiler, templateRoutes, Templates } from './index.ts';

const clock = new FakeClock('2026-11-01T12:00:00Z');
const inUse = new Set<string>();
let test: TestDatabase;
let server: HttpServer;
let mjml: MjmlCompiler;
let app: string;

/** `Key <app id>` opens that app, `Key organization` all apps. */
const organization = newId();
const authenticator: Authenticator = {
  async authenticate({ authorization, access, appId = '' }) {
    if (authorization === 'Key organization') {
      return { kind: 'organization-key', keyId: newId(), organizationId: organization };
    }
    if (access === 'organization') return 'forbidden';
    if (authorization !== `Key ${appId}`) return 'denied';
    return { kind: 'app-key', keyId: newId(), appId, organizationId: newId() };
  },
};

beforeAll(async () => {
  test = await createTestDatabase();
  const { database } = test;
  const log = createLog({ level: 'silent' });
  mjml = new MjmlCompiler({ log });
  const templates = new Templates({
    database,
    clock,
    contents: new ContentCache(database),
    admitContent: createAdmission(mjml),
    hasDataFeed: async () => false,
    isInUse: async (_, id) => inUse.has(id),
  });
  server = await createHttpServer({ routes: [templateRoutes(templates)], authenticator, log, clock });
});
afterAll(async () => {
  await server.close();
  await mjml.close();
  await test.drop();
});
beforeEach(() => void (app = newId()));

interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

async function call(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
  key = app,
): Promise<Answer> {
  const headers = { authorization: `Key ${key}` };
  const answer = await server.http.inject({
    method,
    url,
    headers,
    ...(payload !== undefined && { payload }),
  });
  return { status: answer.statusCode, body: answer.json() };
}

async function create(more: object = {}): Promise<Answer> {
  const base = {
    app_id: app,
    name: 'Receipt',
    isEmail: true,
    email_subject: 'Order {{ number }}',
    email_body: '<p>Hi {{ first_name }}</p>',
  };
  return call('POST', '/templates', { ...base, ...more });
}

describe('a template', () => {
  it('is made, and seen again', async () => {
    const made = await create({ email_preheader: 'Thanks', disable_email_click_tracking: true });
    expect(made.status).toBe(200);
    expect(made.body).toMatchObject({
      name: 'Receipt',
      channel: 'email',
      created_at: '2026-11-01T12:00:00.000Z',
      updated_at: '2026-11-01T12:00:00.000Z',
      content: {
        isEmail: true,
        email_subject: 'Order {{ number }}',
        email_body: '<p>Hi {{ first_name }}</p>',
        email_preheader: 'Thanks',
        email_from_name: null,
        disable_email_click_tracking: true,
        contents: null,
        isSMS: null,
      },
    });
    expect(await call('GET', `/templates/${made.body.id}?app_id=${app}`)).toEqual(made);
  });

  it('is not found, and none are listed, without app_id: the list tells both things that are missing', async () => {
    const malformed = 'Request is malformed: Failed to parse app_id from request';
    expect(await call('GET', `/templates/${newId()}`)).toEqual({
      status: 400,
      body: { errors: [malformed] },
    });
    expect(await call('GET', '/templates')).toEqual({
      status: 400,
      body: { errors: [malformed, 'JSON body is None for app_id_location=body request'] },
    });
  });

  it('changes what is named, and says when', async () => {
    const made = await create();
    await clock.advance(1000);
    const url = `/templates/${made.body.id}?app_id=${app}`;
    const changed = await call('PATCH', url, { name: 'Bill', email_subject: 'Bill {{ number }}' });
    expect(changed.body).toMatchObject({
      name: 'Bill',
      content: { email_subject: 'Bill {{ number }}', email_body: '<p>Hi {{ first_name }}</p>' },
    });
    expect(Date.parse(changed.body.updated_at) - Date.parse(changed.body.created_at)).toBe(1000);
    expect(await call('GET', url)).toEqual(changed);
  });

  it('keeps both of two changes made at the same time', async () => {
    const { body } = await create();
    const url = `/templates/${body.id}?app_id=${app}`;
    await Promise.all([
      call('PATCH', url, { email_subject: 'New' }),
      call('PATCH', url, { email_preheader: 'Newer' }),
      call('PATCH', url, { email_from_name: 'Newest' }),
    ]);
    expect((await call('GET', url)).body.content).toMatchObject({
      email_subject: 'New',
      email_preheader: 'Newer',
      email_from_name: 'Newest',
    });
  });

  it('is deleted once, unless a journey uses it', async () => {
    const { body } = await create();
    const url = `/templates/${body.id}?app_id=${app}`;
    inUse.add(body.id);
    expect(await call('DELETE', url)).toEqual({
      status: 400,
      body: { success: false, errors: ['Can not delete a template that has journeys using it.'] },
    });
    inUse.delete(body.id);
    expect(await call('DELETE', url)).toEqual({ status: 200, body: { success: true } });
    const gone = { status: 404, body: { errors: ['template not found'] } };
    expect(await call('DELETE', url)).toEqual(gone);
    expect(await call('GET', url)).toEqual(gone);
    expect(await call('PATCH', url, { name: 'x' })).toEqual(gone);
    expect(await call('GET', `/templates/no-uuid?app_id=${app}`)).toEqual(gone);
  });

  it('belongs to its app', async () => {
    const { body } = await create();
    app = newId();
    const url = `/templates/${body.id}?app_id=${app}`;
    expect((await call('GET', url)).status).toBe(404);
    expect((await call('PATCH', url, { name: 'Mine' })).status).toBe(404);
    expect((await call('DELETE', url)).status).toBe(404);
    expect((await call('GET', `/templates?app_id=${app}`)).body.total_count).toBe(0);
  });

  it('is refused with field, line and column when its Liquid is wrong', async () => {
    expect(await create({ email_body: '<p>\n  {{ name | shout }}' })).toEqual({
      status: 400,
      body: {
        success: false,
        errors: ['email_body is not valid Liquid at line 2, column 3: undefined filter: shout'],
      },
    });
    const { body } = await create();
    const broken = await call('PATCH', `/templates/${body.id}?app_id=${app}`, { email_subject: '{% if %}' });
    expect(broken.status).toBe(400);
    expect(broken.body.errors[0]).toMatch(/^email_subject is not valid Liquid at line 1/);
  });

  it('needs a body', async () => {
    expect(await create({ email_body: '' })).toEqual({
      status: 400,
      body: { success: false, errors: ["'message' Email body can not be blank"] },
    });
  });
});

const other = (fields: object) => call('POST', '/templates', { app_id: app, name: 'Other', ...fields });

describe('a template of another channel', () => {
  const hello = { en: 'Hello {{ first_name }}', de: 'Hallo {{ first_name }}' };

  it('is stored, shown and changed with all that push takes', async () => {
    const fields = {
      contents: hello,
      headings: { en: 'News' },
      isIos: true,
      url: 'https://shop.example/{{ path }}',
      global_image: 'https://shop.example/a.png',
      data: { order: { id: 7 } },
      buttons: [{ id: 'a', text: 'Open', icon: 'i' }],
      ttl: 60,
      ios_badgeType: 'Increase',
      ios_badgeCount: 1,
      ios_relevance_score: 0.5,
      huawei_badge_set_num: 3,
      dynamic_content: { spring: { A: { title: 'Tulips' } } },
    };
    const made = await other(fields);
    expect(made).toMatchObject({
      status: 200,
      body: { channel: 'push', content: { ...fields, isAndroid: null, isEmail: null, email_body: null } },
    });
    const url = `/templates/${made.body.id}?app_id=${app}`;
    expect(await call('GET', url)).toEqual(made);
    const changed = await call('PATCH', url, { contents: { en: 'Bye' }, url: null });
    expect(changed.body.content).toMatchObject({ ...fields, contents: { en: 'Bye' }, url: null });
    expect(await call('GET', url)).toEqual(changed);
    expect((await call('GET', `/templates?app_id=${app}&channel=push`)).body.total_count).toBe(1);
    expect(await call('DELETE', url)).toEqual({ status: 200, body: { success: true } });
  });

  it('is stored, shown and changed with all that SMS takes', async () => {
    const fields = {
      isSMS: true,
      contents: hello,
      sms_from: '+15550100000',
      sms_media_urls: ['https://shop.example/a.png'],
    };
    const made = await other(fields);
    expect(made).toMatchObject({
      status: 200,
      body: { channel: 'sms', content: { ...fields, headings: null } },
    });
    const url = `/templates/${made.body.id}?app_id=${app}`;
    expect(await call('GET', url)).toEqual(made);
    const changed = await call('PATCH', url, { sms_media_urls: [], isSMS: true });
    expect(changed.body.content).toMatchObject({ ...fields, sms_media_urls: null });
    expect((await call('GET', `/templates?app_id=${app}&channel=sms`)).body.total_count).toBe(1);
  });

  it.each([
    [{ ttl: 2_419_201 }, 'ttl must be at most 2419200'],
    [{ priority: 7 }, 'priority must be one of 10, 5'],
    [{ collapse_id: 'x'.repeat(65) }, 'collapse_id must be at most 64 characters long'],
    [
      { ios_interruption_level: 'loud' },
      'ios_interruption_level must be one of active, passive, time_sensitive, critical',
    ],
    [{ buttons: [{ id: 'a' }] }, 'buttons[0].text is required'],
    [{ web_buttons: [{ id: 'a', text: 'b' }] }, 'web_buttons[0].url is required'],
    [{ contents: 'Hello' }, 'contents must be an object or null, not a string'],
    [{ contents: { en: 7 } }, 'contents.en must be a string, not a number'],
    [
      { isSMS: true, sms_media_urls: Array.from({ length: 11 }, () => 'https://x.example') },
      'sms_media_urls must have at most 10 entries: split them over several requests',
    ],
    [
      { headings: { en: '{% for a in b %}' } },
      'headings.en is not valid Liquid at line 1, column 1: tag {% for a in b %} not closed',
    ],
  ])('is refused: %j', async (fields, sentence) => {
    const { status, body } = await other({ contents: hello, ...fields });
    expect({ status, errors: body.errors }).toEqual({ status: 400, errors: [sentence] });
  });
});

const copy = (id: string, target: unknown, key?: string) =>
  call('POST', `/templates/${id}/copy_to_app?app_id=${app}`, { target_app_id: target }, key);

describe('a copy', () => {
  const insertOrganization = statement(
    'test.organization',
    `insert into organizations (id, name, created_at, updated_at) values ($1, 'o', now(), now())`,
  );
  const insertApp = statement(
    'test.app',
    `insert into apps (id, organization_id, name, created_at, updated_at) values ($1, $2, 'a', now(), now())`,
  );
  let ours: string;
  let theirs: string;
  beforeAll(async () => {
    const stranger = newId();
    for (const id of [organization, stranger]) await test.database.run(insertOrganization, [id]);
    ours = newId();
    theirs = newId();
    await test.database.run(insertApp, [ours, organization]);
    await test.database.run(insertApp, [theirs, stranger]);
  });

  it('is a template of its own in the other app', async () => {
    const { body: original } = await other({ contents: { en: 'Hello' }, data: { b: 1, a: 2 } });
    await clock.advance(1000);
    const copied = await copy(original.id, ours.toUpperCase(), 'organization');
    const created = { created_at: copied.body.created_at, updated_at: copied.body.created_at };
    expect(copied).toEqual({
      status: 200,
      body: { success: true, ...original, id: expect.not.stringMatching(original.id), ...created },
    });
    const { success: _, ...template } = copied.body;
    const url = `/templates/${template.id}?app_id=${ours}`;
    expect(await call('GET', url, undefined, ours)).toEqual({ status: 200, body: template });
    await call('DELETE', `/templates/${original.id}?app_id=${app}`);
    expect((await call('GET', url, undefined, ours)).status).toBe(200);
  });

  it('is made by the organization alone, and never in an app of another one', async () => {
    const { body: original } = await create();
    expect((await copy(original.id, ours)).status).toBe(403);
    const missing = {
      status: 404,
      body: { success: false, errors: ['There is no such template, or no such app in your organization.'] },
    };
    expect(await copy(original.id, theirs, 'organization')).toEqual(missing);
    expect(await copy(original.id, newId(), 'organization')).toEqual(missing);
    expect(await copy(newId(), ours, 'organization')).toEqual(missing);
    expect((await call('GET', `/templates?app_id=${theirs}`, undefined, theirs)).body.total_count).toBe(0);
  });

  it('goes to another app', async () => {
    const { body: original } = await create();
    expect((await copy(original.id, app, 'organization')).body.errors).toEqual([
      'target_app_id must be another app than the template is in',
    ]);
    expect((await copy(original.id, 'x', 'organization')).body.errors).toEqual([
      'target_app_id must be a valid UUID',
    ]);
  });
});

describe('the list', () => {
  it('goes page by page, the oldest first', async () => {
    const ids: string[] = [];
    for (const name of ['A', 'B', 'C']) {
      ids.push((await create({ name })).body.id);
      await clock.advance(10);
    }
    const first = await call('GET', `/templates?app_id=${app}&limit=2`);
    expect(first.body).toMatchObject({
      limit: 2,
      offset: 0,
      total_count: 3,
      templates: [{ id: ids[0] }, { id: ids[1] }],
    });
    expect(Object.keys(first.body.templates[0])).toEqual(['id', 'name', 'created_at', 'updated_at']);
    const second = await call('GET', `/templates?app_id=${app}&limit=2&offset=2`);
    expect(second.body.templates).toMatchObject([{ id: ids[2], name: 'C' }]);
  });

  it('shows one channel', async () => {
    await create();
    expect((await call('GET', `/templates?app_id=${app}&channel=email`)).body.total_count).toBe(1);
    expect((await call('GET', `/templates?app_id=${app}&channel=push`)).body.templates).toEqual([]);
  });

  it.each([
    ['limit=0', 'Invalid limit, must be within 1 to 50'],
    ['limit=51', 'Invalid limit, must be within 1 to 50'],
    ['channel=fax', 'Invalid channel'],
  ])('refuses %s', async (query, sentence) => {
    const { status, body } = await call('GET', `/templates?app_id=${app}&${query}`);
    expect({ status, errors: body.errors }).toEqual({ status: 400, errors: [sentence] });
  });
});
