import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MailingServer } from './fixtures/mailing-server.ts';

let server: MailingServer;
beforeAll(async () => {
  server = await MailingServer.start();
});
afterAll(() => server.stop());

async function newUsers(...names: string[]): Promise<string[]> {
  return Promise.all(
    names.map(async (name) => {
      const email = `${name}@example.com`;
      await server.done('POST', server.of('users'), {
        identity: { external_id: name },
        properties: { tags: { variant: 'A' } },
        subscriptions: [{ type: 'Email', token: email }],
      });
      return email;
    }),
  );
}

async function bodiesFor(emails: readonly string[]): Promise<string[]> {
  const arrived = await Promise.all(emails.map((email) => server.arrived(email)));
  return arrived.map(([first]) => /<p>(.*?)<\/p>/.exec(String(first?.mail.html))?.[1] ?? '');
}

describe('custom_data', () => {
  it('has something for each user where it has a map of them, and nothing for the others', async () => {
    const names = ['anna', 'o’brien, x', 'nobody-knows'];
    const emails = await newUsers('anna', 'ben', 'carla');
    await server.done('PATCH', server.of('users/by/external_id/ben/identity'), {
      identity: { external_id: names[1] },
    });
    const { body } = await server.send({
      include_aliases: { external_id: ['anna', names[1], 'carla'] },
      email_body: `<p>{{ message.custom_data.greeting }}{% assign mine = message.custom_data.users[subscription.external_id] %}
        {%- for item in mine.items %} {{ item }}{% endfor %} {{ mine.points | default: "none" }}</p>`,
      custom_data: {
        greeting: 'Hi',
        users: {
          anna: { items: ['kettle', 'fern'], points: 12 },
          [names[1] ?? '']: { items: [], points: 3 },
          'nobody-knows': { items: ['lamp'] },
        },
      },
    });
    expect(await server.ended(body.id)).toMatchObject({ successful: 3, errored: 0 });
    expect(await bodiesFor(emails)).toEqual(['Hi kettle fern 12', 'Hi 3', 'Hi none']);
  });

  it('reaches each of many, and can have 10,000 bytes', async () => {
    const names = Array.from({ length: 150 }, (_, n) => `many-${n}`);
    const emails = await newUsers(...names);
    const users = Object.fromEntries(names.map((name) => [name, { code: `CODE-${name}-${'x'.repeat(20)}` }]));
    const { body } = await server.send({
      include_aliases: { external_id: names },
      email_body: '<p>{{ message.custom_data.users[user.external_id].code }}</p>',
      custom_data: { users },
    });
    await server.ended(body.id);
    expect(await bodiesFor(emails)).toEqual(names.map((name) => `CODE-${name}-${'x'.repeat(20)}`));
    const tooMuch = await server.send({
      email_to: ['a@example.com'],
      custom_data: { text: 'x'.repeat(10_000) },
    });
    expect([tooMuch.status, tooMuch.body.errors[0]]).toEqual([
      400,
      expect.stringMatching(/^custom_data must be at most 10000 bytes of JSON for email; it is \d+/),
    ]);
  });
});

describe('dynamic_content', () => {
  it('is what the template has, chosen by what is known of the recipient', async () => {
    const [email = ''] = await newUsers('dora');
    const template = await server.done('POST', '/templates', {
      app_id: server.carillon.appId,
      name: 'Spring',
      isEmail: true,
      email_subject: '{{ dynamic_content.spring[variant].title }}',
      email_body: '<p>{{ dynamic_content.spring[user.tags.variant].message }}</p>',
      dynamic_content: JSON.stringify({
        spring: { A: { title: 'Tea time', message: 'Kettles' }, B: { title: 'B', message: 'Ferns' } },
      }),
    });
    const { body } = await server.send({
      include_aliases: { external_id: ['dora'] },
      template_id: template.id,
      email_subject: undefined,
      email_body: undefined,
    });
    await server.ended(body.id);
    const [arrived] = await server.arrived(email);
    expect(arrived?.mail.subject).toBe('Tea time');
    expect(await bodiesFor([email])).toEqual(['Kettles']);
  });
});
