import { randomBytes } from 'node:crypto';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { readMail } from '../sandbox/inbox/read-mail.ts';
import type { Mail } from './mail.ts';
import { writeAttachment } from './write-attachment.ts';
import { writeMail } from './write-mail.ts';

const mail: Mail = {
  messageId: '<abc@shop.example>',
  from: { name: 'Tea & Kettle', address: 'hello@tea.example' },
  to: 'anna@example.com',
  recipient: 'anna@example.com',
  returnPath: null,
  replyTo: null,
  subject: 'Your order',
  html: '<p>It is on its way</p>',
  text: 'It is on its way',
  attachments: [],
  headers: {},
  date: Date.UTC(2026, 0, 2, 3, 4, 5),
};

/** As a mail program reads it. */
async function read(changes: Partial<Mail>) {
  const { headers, ...rest } = await readMail(Buffer.concat(writeMail({ ...mail, ...changes }).pieces));
  return { ...rest, headers: new Map(headers.map(({ name, value }) => [name, value])) };
}

describe('a written mail', () => {
  it('has the headers that every mail needs', async () => {
    const { headers } = await read({});
    expect([...headers].filter(([name]) => name !== 'Content-Type')).toEqual([
      ['From', '"Tea & Kettle" <hello@tea.example>'],
      ['To', 'anna@example.com'],
      ['Subject', 'Your order'],
      ['Message-ID', '<abc@shop.example>'],
      ['Date', 'Fri, 02 Jan 2026 03:04:05 +0000'],
      ['MIME-Version', '1.0'],
    ]);
  });

  it.each([
    'Your order',
    'Größe, Ordnung & 12 €',
    'He said "tea" = \\"',
    'Зелёный чай '.repeat(20).trim(),
    `🫖${' and so on'.repeat(30)}`,
  ])('is read with the subject and the sender’s name %s', async (words) => {
    const from = { name: words, address: 'hello@tea.example' };
    const mail = await read({ subject: words, from });
    expect({ subject: mail.subject, from: mail.from }).toEqual({ subject: words, from });
  });

  it.each([
    ['plain words', '<p>It is on its way</p>', 'It is on its way'],
    ['long lines', `<p>${'word '.repeat(100)}=</p>`, 'word '.repeat(100).trim()],
    ['umlauts', '<p>Grüße</p>\n.\n..', 'Grüße\n.\n..'],
    ['other letters', '<p>Зелёный чай</p>', 'Зелёный чай'],
  ])('is read with the texts as they were: %s', async (_, html, text) => {
    expect(await read({ html, text })).toMatchObject({ html, text });
  });

  it('is HTML alone where there is no text', async () => {
    const { headers, html, text } = await read({ text: null });
    expect(headers.get('Content-Type')).toBe('text/html; charset=utf-8');
    expect({ html: html?.trim(), text }).toEqual({ html: mail.html, text: '' });
  });

  it('has further headers, and an address for replies', async () => {
    const { headers } = await read({
      headers: { 'List-Unsubscribe': '<https://shop.example/u>' },
      replyTo: 'Größe & Co <help@tea.example>',
    });
    expect(headers.get('List-Unsubscribe')).toBe('<https://shop.example/u>');
    expect(headers.get('Reply-To')).toMatch(/^=\?UTF-8\?Q\?.*\?= <help@tea\.example>$/);
    expect((await read({ replyTo: '' })).headers.has('Reply-To')).toBe(false);
  });

  it('has no header that a value tries to add', async () => {
    for (const end of ['\r\n', '\n', '\r']) {
      const evil = `x${end}Bcc: all@example.com${end}${end}<p>Not ours</p>`;
      const { headers, html } = await read({
        subject: evil,
        from: { name: evil, address: `hello@tea.example${end}Bcc: all@example.com` },
        to: `anna@example.com${end}Bcc: all@example.com`,
        replyTo: evil,
        headers: { 'X-Note': evil },
      });
      expect(headers.has('Bcc')).toBe(false);
      expect(html).toBe(mail.html);
    }
  });
});

describe('files of a mail', () => {
  const files = [
    { filename: 'terms.txt', contentType: 'text/plain', bytes: Buffer.from('.\r\n..\r\nYes') },
    { filename: 'Größe "XL"; 1.pdf', contentType: 'application/pdf', bytes: randomBytes(100_000) },
    {
      filename: `${'long-'.repeat(45)}.bin`,
      contentType: 'application/octet-stream',
      bytes: Buffer.alloc(0),
    },
  ];

  it.each([
    ['beside text and HTML', 'It is on its way'],
    ['beside HTML alone', null],
  ])('are read as they were: %s', async (_, text) => {
    const attachments = files.map(writeAttachment);
    const bytes = Buffer.concat(writeMail({ ...mail, text, attachments }).pieces);
    const read = await simpleParser(bytes, { skipTextToHtml: true, skipHtmlToText: true });
    expect(read.html).toContain('<p>It is on its way</p>');
    expect(read.text?.trim() ?? '').toBe(text ?? '');
    expect(
      read.attachments.map(({ filename, contentType, content }) => ({
        filename,
        contentType,
        bytes: content,
      })),
    ).toEqual(files);
    expect(read.attachments.every(({ contentDisposition }) => contentDisposition === 'attachment')).toBe(
      true,
    );
  });

  it('are written in lines that every server takes', () => {
    const lines = files.flatMap((file) => writeAttachment(file).part.toString().split('\r\n'));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(998);
  });
});

const recipientOf = (recipient: string) => writeMail({ ...mail, recipient }).recipient;

describe('the envelope', () => {
  it('has the addresses', () => {
    expect(writeMail(mail)).toMatchObject({ sender: 'hello@tea.example', recipient: 'anna@example.com' });
  });

  it('has domains in ASCII', () => {
    expect(recipientOf('anna@größe.example')).toBe('anna@xn--gre-6ka8i.example');
  });

  it('has one recipient, whatever the address looks like', () => {
    expect(recipientOf('"a, b"@example.com')).toBe('"a, b"@example.com');
    expect(recipientOf('anna@example.com, all@example.com')).toBe('"anna@example.com, all"@example.com');
    expect(recipientOf('anna@example.com>\r\nRCPT TO:<all@example.com')).not.toMatch(/[\r\n<>]/);
  });
});
