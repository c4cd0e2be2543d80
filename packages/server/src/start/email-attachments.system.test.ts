import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '@carillon/test-kit';
import { statement } from '../platform/database/database.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

const WAITING = statement('test.waiting', 'select reason from delivery_retries where message_id = $1');
const CONTENTS = statement(
  'test.contents',
  `select pg_column_size(request) as size from messages where id = $1`,
);

const PDF = Buffer.from('%PDF-1.7 not really');
const INLINE = { filename: 'terms.txt', content: Buffer.from('Terms').toString('base64') };

let server: MailingServer;
let files: Server;
let address = '';
const asked: string[] = [];

beforeAll(async () => {
  files = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    if (path === '/invoice.pdf') response.setHeader('content-type', 'application/pdf').end(PDF);
    else if (path === '/moved.pdf') response.writeHead(302, { location: '/invoice.pdf' }).end();
    else if (path === '/inside') response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    else if (path === '/around') response.writeHead(302, { location: '/around' }).end();
    else if (path === '/large') response.end(Buffer.alloc(6 * 1024 * 1024, 'x'));
    else if (path === '/trouble') response.writeHead(503).end();
    else response.writeHead(404).end();
  });
  files.listen(0, '127.0.0.1');
  await once(files, 'listening');
  address = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
  server = await MailingServer.start({ CARILLON_OUTBOUND_ALLOWED: '127.0.0.1' });
});
afterAll(async () => {
  await server.stop();
  files.close();
});
beforeEach(() => {
  asked.length = 0;
});

async function reasonOf(message: string): Promise<string> {
  const { deliveries } = await server.done('GET', server.of(`messages/${message}/deliveries`));
  return deliveries[0].reason;
}

describe('files of an email', () => {
  it('come to every recipient, fetched once and kept once', async () => {
    const emails = Array.from({ length: 120 }, (_, n) => `reader-${n}@example.com`);
    const email_attachments = [INLINE, { filename: 'invoice.pdf', url: `${address}/moved.pdf` }];
    const { body } = await server.send({ email_to: emails, email_attachments });
    const view = await server.ended(body.id);
    expect(view).toMatchObject({
      successful: 120,
      email_attachments: [
        { filename: 'terms.txt', content_type: null, url: null, size: 5 },
        { filename: 'invoice.pdf', content_type: null, url: `${address}/moved.pdf`, size: null },
      ],
    });
    expect(asked).toEqual(['/moved.pdf', '/invoice.pdf']);
    const mails = await server.arrived(...emails);
    expect(mails).toHaveLength(120);
    for (const { mail } of mails) {
      expect(
        mail.attachments.map(({ filename, contentType, content }) => [
          filename,
          contentType,
          content.toString(),
        ]),
      ).toEqual([
        ['terms.txt', 'text/plain', 'Terms'],
        ['invoice.pdf', 'application/pdf', PDF.toString()],
      ]);
      expect(mail.html).toContain('<p>Hello</p>');
    }
    const [row] = await server.test.database.rows<{ size: number }>(CONTENTS, [body.id]);
    expect(row?.size).toBeLessThan(5_000);
  });

  it('are those of the template, until the message has its own', async () => {
    const template = await server.done('POST', '/templates', {
      app_id: server.carillon.appId,
      name: 'Terms',
      isEmail: true,
      email_subject: 'Terms',
      email_body: '<p>Read them</p>',
      email_attachments: [{ ...INLINE, content_type: 'text/plain' }],
    });
    expect(template.content.email_attachments).toEqual([
      { filename: 'terms.txt', content_type: 'text/plain', url: null, size: 5 },
    ]);
    await server.sendAndWait('first@example.com', { template_id: template.id });
    const own = [{ filename: 'own.txt', content: 'YQ==' }];
    await server.sendAndWait('second@example.com', { template_id: template.id, email_attachments: own });
    await server.sendAndWait('third@example.com', { template_id: template.id, email_attachments: [] });
    const mails = await server.arrived('first@example.com', 'second@example.com', 'third@example.com');
    expect(mails.map(({ mail }) => mail.attachments.map(({ filename }) => filename))).toEqual([
      ['terms.txt'],
      ['own.txt'],
      [],
    ]);
  });

  it('come with copies too', async () => {
    await server.sendAndWait('one@example.com', {
      email_attachments: [INLINE],
      email_bcc: ['two@example.com'],
    });
    const [copy] = await server.arrived('two@example.com');
    expect(copy?.mail.attachments.map(({ filename }) => filename)).toEqual(['terms.txt']);
  });

  it.each([
    ['there is nothing', '/gone', 'HTTP 404'],
    ['it leads inside', '/inside', '169.254.169.254 is not on the public internet'],
    ['it leads in circles', '/around', 'it redirects too often'],
  ])('that cannot be had keep the mail from being sent: %s', async (_, path, why) => {
    const view = await server.sendAndWait('nobody@example.com', {
      email_attachments: [{ filename: 'a.pdf', url: address + path }],
    });
    expect(view).toMatchObject({ successful: 0, errored: 1 });
    expect(await reasonOf(view.id)).toBe(`the attachment a.pdf could not be fetched: ${why}`);
    expect(await server.arrived('nobody@example.com')).toEqual([]);
  });

  it('together are no larger than mail servers take', async () => {
    const large = { filename: 'large.bin', url: `${address}/large` };
    const view = await server.sendAndWait('nobody@example.com', { email_attachments: [large, large] });
    expect(await reasonOf(view.id)).toMatch(/could not be fetched: the answer is larger than 4194304 bytes$/);
  });

  it('are tried again where the trouble may pass', async () => {
    const { body } = await server.send({
      email_to: ['patient@example.com'],
      email_attachments: [{ filename: 'a.pdf', url: `${address}/trouble` }],
    });
    let waiting: { readonly reason: string }[] = [];
    await until('another try is planned', async () => {
      waiting = await server.test.database.rows<{ reason: string }>(WAITING, [body.id]);
      return waiting.length > 0;
    });
    expect(waiting).toEqual([{ reason: 'the attachment a.pdf could not be fetched: HTTP 503' }]);
  });

  it.each([
    ['no bytes', { filename: 'a' }, 'email_attachments[0] must have content, its bytes in base64, or url'],
    ['no name', { content: 'YQ==' }, 'email_attachments[0].filename is required'],
    [
      'a typing error',
      { filename: 'a', contents: 'YQ==' },
      'email_attachments[0].contents is not known here',
    ],
    ['no base64', { filename: 'a', content: 'a b c' }, 'email_attachments[0].content must be base64'],
  ])('are refused: %s', async (_, file, sentence) => {
    const { status, body } = await server.send({ email_to: ['a@example.com'], email_attachments: [file] });
    expect([status, body.errors[0]]).toEqual([400, expect.stringContaining(sentence)]);
  });
});
