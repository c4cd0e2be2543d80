import { until } from '@carillon/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MailingServer } from './fixtures/mailing-server.ts';

const column = (inside: string) =>
  `<mjml><mj-body><mj-section><mj-column>${inside}</mj-column></mj-section></mj-body></mjml>`;
const MJML = `<?xml version="1.0"?>
<!-- The receipt -->
${column(`<mj-text>Hi {{ message.custom_data.name | default: "you" }}{% if 2 > 1 %}, two{% endif %}</mj-text>
  <mj-button href="https://shop.example/{{ message.custom_data.path }}">Look</mj-button>
  <mj-text><a href="[unsubscribe_url]">no more</a></mj-text>`)}`;
const FILLS = `<mjml><mj-head><mj-attributes><mj-all css-class="${'a'.repeat(90_000)}" /></mj-attributes></mj-head>${column(
  '<mj-text>a</mj-text>'.repeat(4_000),
).slice('<mjml>'.length)}`;

let server: MailingServer;
beforeAll(async () => {
  server = await MailingServer.start();
});
afterAll(() => server.stop());

const template = (email_body: string) => ({
  app_id: server.carillon.appId,
  name: 'Receipt',
  isEmail: true,
  email_subject: 'Receipt',
  email_body,
});

const viewed = (id: string, app = server.carillon.appId) =>
  server.done('GET', `/templates/${id}?app_id=${app}`, undefined, server.carillon.organizationKey);

async function mailFor(email: string, message: object) {
  await server.sendAndWait(email, message);
  const [arrived] = await server.arrived(email);
  return { html: String(arrived?.mail.html), text: String(arrived?.mail.text) };
}

const custom_data = { name: 'Anna', path: 'a-7' };

const preview = (email_body: string) =>
  server.done('POST', server.of('templates/preview'), {
    template: { email_subject: 'Receipt', email_body },
    custom_data,
  });

describe('a template of MJML', () => {
  it('shows what was written and sends its HTML, filled in, with a plain text', async () => {
    const { id, content } = await server.done('POST', '/templates', template(MJML));
    expect(content.email_body).toBe(MJML);
    expect((await viewed(id)).content.email_body).toBe(MJML);

    const mail = await mailFor('of-template@example.com', {
      template_id: id,
      email_body: undefined,
      disable_email_click_tracking: true,
      custom_data,
    });
    expect(mail.html).toMatch(/^<!doctype html>[\s\S]*Hi Anna, two<\/div>/);
    expect(mail.html).toContain('href="https://shop.example/a-7"');
    expect(mail.html).toMatch(/href="http[^"]*\/t\/u\/[\w-]+">no more/);
    expect(mail.html).not.toContain('<mj');
    expect(mail.text).toContain('Hi Anna, two');
    expect(mail.text).toContain('Look (https://shop.example/a-7)');
  });

  it('stays what it is when another field changes, and gives way to a new body', async () => {
    const { id } = await server.done('POST', '/templates', template(MJML));
    const path = `/templates/${id}?app_id=${server.carillon.appId}`;
    expect((await server.done('PATCH', path, { email_subject: 'New' })).content.email_body).toBe(MJML);
    const sent = { template_id: id, email_body: undefined, email_subject: 'Mine', custom_data };
    expect((await mailFor('changed@example.com', sent)).html).toContain('Hi Anna, two');

    await server.done('PATCH', path, { email_body: '<p>plain</p>' });
    expect((await viewed(id)).content.email_body).toBe('<p>plain</p>');
    expect((await mailFor('plain@example.com', sent)).html).toContain('<p>plain</p>');

    await server.done('PATCH', path, { email_body: column('<mj-text>again</mj-text>') });
    expect((await mailFor('again@example.com', sent)).html).toMatch(/again<\/div>/);
  });

  it('is copied with what was written and what it became', async () => {
    const { appId, organizationId, organizationKey } = server.carillon;
    const other = await server.done(
      'POST',
      '/apps',
      { name: 'Other', organization_id: organizationId },
      organizationKey,
    );
    const { id } = await server.done('POST', '/templates', template(MJML));
    const copy = await server.done(
      'POST',
      `/templates/${id}/copy_to_app?app_id=${appId}`,
      { target_app_id: other.id },
      organizationKey,
    );
    expect((await viewed(copy.id, other.id)).content.email_body).toBe(MJML);
    const shown = await server.done(
      'POST',
      `/apps/${other.id}/templates/preview`,
      { template_id: copy.id },
      organizationKey,
    );
    expect(shown.rendered.email_body).toMatch(/Hi you, two<\/div>/);
  });

  it('is previewed as HTML before it is saved, and its mistakes are told of', async () => {
    const good = await preview(MJML);
    expect(good.rendered.email_body).toMatch(/Hi Anna, two<\/div>/);
    expect(good.plain_text).toContain('Hi Anna, two');
    expect(await preview(column('\n<mj-text colour="red">Hi</mj-text>'))).toMatchObject({
      rendered: null,
      errors: [
        { field: 'email_body', line: 2, column: null, problem: 'mj-text: Attribute colour is illegal' },
      ],
    });
  });
});

describe('a message of MJML', () => {
  it('is sent as HTML, and viewed as it was written', async () => {
    const email = 'direct@example.com';
    const view = await server.sendAndWait(email, { email_body: MJML, custom_data });
    expect(view.email_body).toBe(MJML);
    const [arrived] = await server.arrived(email);
    expect(String(arrived?.mail.html)).toMatch(/Hi Anna, two<\/div>/);
  });

  it('is what an A/B test can try', async () => {
    const readers = ['ab-1@example.com', 'ab-2@example.com', 'ab-3@example.com'];
    for (const token of readers) {
      await server.done('POST', server.of('users'), { subscriptions: [{ type: 'Email', token }] });
    }
    const test = (second: string) =>
      server.call('POST', server.of('ab_tests'), {
        message: { target_channel: 'email', included_segments: ['All'], email_subject: 'Tried' },
        variants: [{ email_body: column('<mj-text>tried</mj-text>') }, { email_body: second }],
        sample_percent: 100,
        winner_by: 'hand',
      });
    const refused = await test(column('<mj-text>tried'));
    expect([refused.status, refused.body.errors[0].title]).toEqual([
      400,
      'variants[1].email_body is not valid MJML at line 1: <mj-text> is not closed',
    ]);
    const { status, body } = await test(column('<mj-text>tried too</mj-text>'));
    expect([status, body]).toEqual([201, expect.anything()]);
    const mails = await until('all have their mail', async () => {
      const arrived = await server.arrived(...readers);
      return arrived.length === readers.length && arrived;
    });
    for (const { mail } of mails) expect(String(mail.html)).toMatch(/tried(?: too)?<\/div>/);
  });
});

describe('MJML that is wrong', () => {
  it.each<[string, string, number | null, RegExp]>([
    [
      'an attribute that does not exist',
      column('\n<mj-text colour="red">Hi</mj-text>'),
      2,
      /^email_body is not valid MJML at line 2: mj-text: Attribute colour is illegal$/,
    ],
    [
      'a file',
      column('<mj-include path="/etc/passwd" type="html" />'),
      1,
      /^email_body is not valid MJML at line 1: mj-include is not possible: the server reads no files/,
    ],
    [
      'Liquid that would be lost',
      column('{% if a %}<mj-text>Hi</mj-text>{% endif %}'),
      1,
      /^email_body is not valid MJML at line 1: "\{% if a %\}" would be lost/,
    ],
    ['wrong Liquid', column('\n<mj-text>{{ a</mj-text>'), 2, /^email_body is not valid Liquid at line 2/],
    [
      'Liquid that the HTML has in another order',
      `<mjml><mj-body><mj-section><mj-column><mj-text>{% if a %}x</mj-text></mj-column></mj-section></mj-body><mj-head><mj-preview>{% endif %}</mj-preview></mj-head></mjml>`,
      null,
      /^email_body is MJML that cannot be compiled: the Liquid of the HTML made of it is wrong/,
    ],
    [
      'too much for the compiler',
      FILLS,
      null,
      /^email_body is MJML that cannot be compiled: it takes more than 192 MB of memory$/,
    ],
  ])('is refused for %s, in a template and in a message', async (_, email_body, line, sentence) => {
    const refused = [400, [expect.stringMatching(sentence)]];
    const saved = await server.call('POST', '/templates', template(email_body));
    expect([saved.status, saved.body.errors]).toEqual(refused);
    const sent = await server.send({ email_to: ['nobody@example.com'], email_body });
    expect([sent.status, sent.body.errors]).toEqual(refused);
  });

  it('leaves the server as it was', async () => {
    expect((await mailFor('after@example.com', { email_body: MJML, custom_data })).html).toContain('Hi Anna');
  });
});
