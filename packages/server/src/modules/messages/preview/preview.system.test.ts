import { createTestDatabase, FakeClock } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statement } from '../../../platform/database/database.ts';
import { createHttpServer } from '../../../platform/http/server.ts';
import type { HttpServer } from '../../../platform/http/server.ts';
import { newId } from '../../../platform/ids.ts';
import { createLog } from '../../../platform/log.ts';
import { Identity } from '../../identity/index.ts';
import {
  ContentCache,
  createAdmission,
  MjmlCompiler,
  templateRoutes,
  Templates,
} from '../../templates/index.ts';
import { createRenderer } from '../rendering/index.ts';
import type { Renderer } from '../rendering/index.ts';
import { Previews } from './preview.ts';
import { previewRoutes } from './routes.ts';

const clock = new FakeClock('2026-11-03T09:05:07Z');
const app = newId();
const appNames = async () => ({ name: 'Shop', org: { id: newId(), name: 'Shops' } });
let test: TestDatabase;
let renderer: Renderer;
let server: HttpServer;
let mjml: MjmlCompiler;

/** Data feeds are tried with the whole program: start/data-feeds.system.test.ts. */
const NO_FEEDS: ConstructorParameters<typeof Previews>[0]['feedData'] = {
  of: async () => ({ ok: false, reason: 'no feed', mayPass: false, afterMs: null }),
};

beforeAll(async () => {
  test = await createTestDatabase();
  const { database } = test;
  const log = createLog({ level: 'silent' });
  mjml = new MjmlCompiler({ log });
  renderer = createRenderer({ workers: 1, clock, log });
  const identity = new Identity({ database, clock });
  const contents = new ContentCache(database);
  const templates = new Templates({
    database,
    clock,
    contents,
    admitContent: createAdmission(mjml),
    isInUse: async () => false,
    hasDataFeed: async () => false,
  });
  const previews = new Previews({ renderer, templates, mjml, identity, appNames, feedData: NO_FEEDS });
  server = await createHttpServer({
    routes: [templateRoutes(templates), previewRoutes(previews)],
    authenticator: {
      authenticate: async () => ({ kind: 'app-key', keyId: newId(), appId: app, organizationId: app }),
    },
    log,
    clock,
  });
  await identity.upsertUser(app, {
    identity: { external_id: 'anna-42' },
    properties: { language: 'de', timezone_id: 'Europe/Oslo', tags: { first_name: 'Anna' } },
    subscriptions: [
      { type: 'Email', token: 'anna@example.com' },
      { type: 'SMS', token: '+15550100000' },
    ],
  });
});
afterAll(async () => {
  await server.close();
  await renderer.close();
  await mjml.close();
  await test.drop();
});

async function post(url: string, payload: object) {
  const answer = await server.http.inject({
    method: 'POST',
    url,
    payload,
    headers: { authorization: 'Key any' },
  });
  return { status: answer.statusCode, body: answer.json() };
}

const preview = (body: object) => post(`/apps/${app}/templates/preview`, body);

const anna = { user: { external_id: 'anna-42' } };

describe('a preview', () => {
  it('shows a saved template as a user would get it, by their subscription of its channel', async () => {
    const { body: template } = await post('/templates', {
      app_id: app,
      name: 'Receipt',
      email_subject: 'Order {{ message.custom_data.order }} at {{ app.name }} of {{ org.name }}',
      email_body:
        '<p>{{ first_name }}, {{ subscription.email }}, {{ template.name }}, {{ "now" | date: "%R", user.timezone_id }}</p>',
      email_preheader: '{{ user.subscriptions.size }}',
    });
    expect(await preview({ template_id: template.id, ...anna, custom_data: { order: 7 } })).toEqual({
      status: 200,
      body: {
        channel: 'email',
        language: 'de',
        rendered: {
          email_subject: 'Order 7 at Shop of Shops',
          email_body: '<p>Anna, anna@example.com, Receipt, 10:05</p>',
          email_preheader: '2',
        },
        plain_text: 'Anna, anna@example.com, Receipt, 10:05',
        missing: [],
        errors: [],
      },
    });
  });

  it('shows a template that is not saved, in the language of its reader or in another one', async () => {
    const template = {
      contents: { en: 'Hello {{ first_name }}', de: 'Hallo {{ first_name }}' },
      headings: { en: 'News' },
      url: 'https://shop.example/{{ user.external_id }}',
    };
    const url = 'https://shop.example/anna-42';
    expect((await preview({ template, ...anna })).body).toMatchObject({
      channel: 'push',
      language: 'de',
      rendered: { contents: 'Hallo Anna', headings: 'News', url },
    });
    expect((await preview({ template, ...anna, language: 'fr' })).body).toMatchObject({
      language: 'fr',
      rendered: { contents: 'Hello Anna', headings: 'News', url },
    });
    const sms = { isSMS: true, contents: { en: '{{ subscription.phone_number }}' } };
    expect((await preview({ template: sms, ...anna })).body.rendered).toEqual({ contents: '+15550100000' });
  });

  it('shows it for somebody who is made up', async () => {
    const template = {
      email_subject: '{{ plan }}',
      email_body: '{{ subscription.email }} {{ user.country }}',
    };
    const user_data = { email: 'ada@example.com', country: 'NO', tags: { plan: 'gold' } };
    expect((await preview({ template, user_data })).body).toMatchObject({
      language: null,
      rendered: { email_subject: 'gold', email_body: 'ada@example.com NO' },
      missing: [],
    });
  });

  it('tells what was missing, by field and name', async () => {
    const template = {
      email_subject: '{{ first_name | default: "you" }} {{ first_name }}',
      email_body: `{% assign x = user.tags.plan %}{{ x }} {{ message.custom_data.users[user.external_id].points }}
        {% for item in message.custom_data.items %}{{ item.name }}{{ forloop.index }}{% endfor %}
        {{ user.tags["a b"] }} {{ user.external_id }} {{ dynamic_content.spring.title }} {{ user.subscriptions[0].id }}`,
      dynamic_content: { spring: { title: 'Tulips' } },
    };
    const custom_data = { items: [{ name: 'Bell' }], users: {} };
    const { body } = await preview({ template, user_data: { external_id: 'bo' }, custom_data });
    expect(body.missing).toEqual([
      { field: 'email_subject', name: 'first_name' },
      { field: 'email_body', name: 'message.custom_data.users[user.external_id].points' },
      { field: 'email_body', name: 'user.subscriptions[0].id' },
      { field: 'email_body', name: 'user.tags.plan' },
      { field: 'email_body', name: 'user.tags["a b"]' },
    ]);
    expect(body.rendered.email_subject).toBe('you ');
  });

  it('tells every error of the Liquid, with field, line and column', async () => {
    const template = { contents: { en: 'Hi\n{{ a | shout }}', de: '{% if %}' }, headings: { en: '{{' } };
    expect((await preview({ template, ...anna })).body).toMatchObject({
      rendered: null,
      errors: [
        { field: 'contents.en', line: 2, column: 1, problem: 'undefined filter: shout' },
        { field: 'contents.de', line: 1, column: 6 },
        { field: 'headings.en', line: 1, column: 1 },
      ],
    });
  });

  it('tells which parts fail for this person, and why a template as a whole does', async () => {
    const failing = { email_subject: 'x', email_body: 'a\n{{ "?" | base64_decode }}b' };
    expect((await preview({ template: failing })).body).toMatchObject({
      rendered: { email_body: 'a\nb' },
      errors: [{ field: 'email_body', line: 2, column: 1, problem: expect.any(String) }],
    });
    const huge = { email_body: '{% for a in (1..1000000000) %}{% endfor %}' };
    expect((await preview({ template: huge })).body).toMatchObject({
      rendered: null,
      errors: [
        { field: null, line: null, column: null, problem: 'the template took too much memory to render' },
      ],
    });
  });

  it.each([
    [{}, 400, 'template_id or template must be given, and not both'],
    [{ template_id: newId() }, 404, 'template not found'],
    [{ template_id: 'x' }, 400, 'template_id must be a valid UUID'],
    [{ template: {} }, 400, "'message' Notifications must have Any/English language content"],
    [
      { template: { email_body: 'x', email_from_address: 'shop' } },
      400,
      'email_from_address must be an email address such as name@example.com. Given: "shop"',
    ],
    [
      { template: { email_body: 'x' }, user: { external_id: 'nobody' } },
      404,
      "Given alias `(external_id: nobody)` doesn't match an existing user",
    ],
    [
      { template: { email_body: 'x' }, ...anna, user_data: {} },
      400,
      'user and user_data cannot be combined: give one of them',
    ],
    [{ template: { email_body: 'x' }, user: {} }, 400, 'user must have at least 1 member'],
    [
      { template: { contents: { en: 'x' } }, custom_data: { a: 'x'.repeat(2_048) } },
      400,
      'custom_data must be at most 2048 bytes of JSON for push; it is 2056',
    ],
    [{ template: { email_body: 'x' }, person: 1 }, 400, 'person is not known here: remove it'],
  ])('is refused: %j', async (body, status, sentence) => {
    const answer = await preview(body);
    expect({ status: answer.status, errors: answer.body.errors }).toEqual({ status, errors: [sentence] });
  });

  it('writes nothing', async () => {
    const count = statement(
      'test.count',
      `select (select count(*)::int from contents) + (select count(*)::int from templates)
         + (select count(*)::int from messages) as rows`,
    );
    const before = await test.database.rows(count);
    await preview({ template: { email_body: '{{ first_name }}' }, ...anna });
    expect(await test.database.rows(count)).toEqual(before);
  });
});
