import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '@carillon/test-kit';
import { statement } from '../platform/database/database.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

const EVENTS = statement(
  'test.events',
  'select kind, count(*)::int as count from delivery_events where message_id = $1 group by kind',
);
const UNREPORTED = statement(
  'test.unreported',
  'select count(*)::int as count from sandbox_messages where reported_at is null and message_id is not null',
);

const BODY = `<body><p>{{ subscription.email }}</p><a href="https://shop.example/o">order</a>
  <a href="[unsubscribe_url]">no more</a>
  <a href="https://shop.example/bye?token={{ subscription.unsubscribe_token }}">bye</a></body>`;

let server: MailingServer;
beforeAll(async () => {
  server = await MailingServer.start();
});
afterAll(() => server.stop());

describe('copies of an email', () => {
  it('go to each address, show the recipient, and are counted', async () => {
    const email_bcc = ['archive@example.com', 'crm@example.com', 'archive@example.com'];
    const view = await server.sendAndWait('anna@example.com', { email_bcc });
    expect(view).toMatchObject({ successful: 1, bcc_sent: 2 });
    const copies = await server.arrived('archive@example.com', 'crm@example.com');
    expect(copies.map(({ recipient }) => recipient).toSorted()).toEqual([
      'archive@example.com',
      'crm@example.com',
    ]);
    const originals = await server.arrived('anna@example.com');
    for (const { mail, raw } of [...copies, ...originals]) {
      expect(mail.subject).toBe('Hello');
      expect(mail.to).toMatchObject({ text: 'anna@example.com' });
      expect(raw).not.toMatch(/^bcc:/im);
    }
    expect(copies[0]?.mail.messageId).not.toBe(originals[0]?.mail.messageId);
  });

  it('count nothing, and end nobody’s mails', async () => {
    const view = await server.sendAndWait('berta@example.com', {
      email_body: BODY,
      email_bcc: ['watch@example.com'],
      email_utm: { source: 'shop' },
    });
    const [copy] = await server.arrived('watch@example.com');
    expect(copy?.mail.html).toContain('<p>berta@example.com</p>');
    expect(copy?.mail.html).toContain('<a href="https://shop.example/o">order</a>');
    expect(copy?.mail.html).toContain('<a href="#">no more</a>');
    expect(copy?.mail.html).toContain('https://shop.example/bye?token=copy"');
    expect(copy?.raw).not.toContain('/t/');
    expect(copy?.mail.headers.has('list')).toBe(false);
    const [original] = await server.arrived('berta@example.com');
    expect(original?.mail.headers.has('list')).toBe(true);
    await until('the sandbox has told everything', async () => {
      const [row] = await server.test.database.rows<{ count: number }>(UNREPORTED);
      return row?.count === 0;
    });
    expect(await server.test.database.rows(EVENTS, [view.id])).toEqual([{ kind: 'delivered', count: 1 }]);
  });

  it('are made of a template that asks for them', async () => {
    const template = await server.done('POST', '/templates', {
      app_id: server.carillon.appId,
      name: 'With copies',
      isEmail: true,
      email_subject: 'From a template',
      email_body: '<p>Hello</p>',
      email_bcc: ['of-template@example.com'],
    });
    const message = { template_id: template.id, email_subject: undefined, email_body: undefined };
    expect((await server.sendAndWait('carla@example.com', message)).bcc_sent).toBe(1);
    const [copy] = await server.arrived('of-template@example.com');
    expect(copy?.mail.subject).toBe('From a template');
  });

  it('that are refused leave the mail as it is: it is sent once', async () => {
    const email_bcc = ['refuse+copy@example.com', 'drop+copy@example.com', 'taken@example.com'];
    const view = await server.sendAndWait('dora@example.com', { email_bcc });
    expect(view).toMatchObject({ successful: 1, errored: 0, bcc_sent: 1 });
    expect(await server.arrived('dora@example.com')).toHaveLength(1);
  });

  it('are not sent of a mail that is refused', async () => {
    const view = await server.sendAndWait('refuse+me@example.com', { email_bcc: ['none@example.com'] });
    expect(view).toMatchObject({ successful: 0, errored: 1, bcc_sent: 0 });
    expect(await server.arrived('none@example.com')).toEqual([]);
  });

  it.each([
    ['no address', ['archive'], 'email_bcc[0] must be an email address such as archive@example.com'],
    [
      'too many',
      Array.from({ length: 6 }, (_, n) => `a${n}@example.com`),
      'email_bcc can have at most 5 addresses',
    ],
  ])('are refused: %s', async (_, email_bcc, sentence) => {
    const { status, body } = await server.send({ email_to: ['anna@example.com'], email_bcc });
    expect([status, body.errors[0]]).toEqual([400, expect.stringContaining(sentence)]);
  });
});
