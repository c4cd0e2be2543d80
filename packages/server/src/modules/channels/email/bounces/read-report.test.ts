import { describe, expect, it } from 'vitest';
import { readReport } from './read-report.ts';

const mail = (head: readonly string[], body: string) => Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
const report = (kind: string, type: string, fields: readonly string[], head: readonly string[] = []) =>
  mail(
    [
      ...head,
      'From: MAILER-DAEMON@mx.example',
      'Auto-Submitted: auto-replied',
      `Content-Type: multipart/report; report-type=${kind}; boundary="=b"`,
    ],
    `--=b\r\n\r\nThis is a letter about 5.9.9.\r\n--=b\r\nContent-Type: ${type}\r\n\r\n${fields.join('\r\n')}\r\n` +
      '--=b\r\nContent-Type: message/rfc822\r\n\r\nSubject: Hello\r\n\r\nStatus: 5.1.1\r\n--=b--\r\n',
  );
const delivery = (...fields: readonly string[]) =>
  report('delivery-status', 'message/delivery-status', [
    'Reporting-MTA: dns; mx.example',
    '',
    'Final-Recipient: rfc822; anna@example.com',
    ...fields,
  ]);
const feedback = (type: string) =>
  report('feedback-report', 'message/feedback-report', [`Feedback-Type: ${type}`, 'Version: 1']);

describe('a delivery status notification', () => {
  it('tells of an address that is not there, in the words of the server', async () => {
    const raw = delivery(
      'Action: failed',
      'Status: 5.1.1',
      'Diagnostic-Code: smtp; 550 5.1.1 <anna@example.com>:',
      '    no such user',
    );
    expect(await readReport(raw, '')).toEqual({
      kind: 'bounced',
      reason: '550 5.1.1 <anna@example.com>: no such user',
    });
  });

  it.each([
    ['a full mailbox', ['Action: failed', 'Status: 5.2.2 (mailbox full)'], 'soft_bounced'],
    ['a mail that was refused', ['Action: failed', 'Status: 5.7.1'], 'soft_bounced'],
    ['a server that has given up', ['ACTION:failed', 'status: 4.4.7'], 'soft_bounced'],
    ['no status', ['Action: failed'], 'soft_bounced'],
    ['Exim', ['Action: failed', 'Status: 5.0.0', 'Diagnostic-Code: smtp; 550 5.1.1 no'], 'bounced'],
    ['what arrived', ['Action: delivered', 'Status: 2.1.5'], 'delivered'],
  ])('tells of %s', async (_, fields, kind) => {
    expect(await readReport(delivery(...fields), '')).toMatchObject({ kind });
  });

  it.each([['delayed'], ['relayed'], ['expanded']])('is no news where it is %s', async (action) => {
    expect(await readReport(delivery(`Action: ${action}`, 'Status: 4.4.1'), '')).toBeNull();
  });

  it('is read although its end is missing', async () => {
    const raw = delivery('Action: failed', 'Status: 5.1.1');
    expect(await readReport(raw.subarray(0, raw.indexOf('Subject: Hello')), '')).toMatchObject({
      kind: 'bounced',
    });
  });
});

describe('a feedback report', () => {
  it.each([
    ['abuse', { kind: 'complained', reason: 'reported as abuse' }],
    ['fraud', { kind: 'complained', reason: 'reported as fraud' }],
    ['not-spam', null],
    ['other', null],
  ])('of %s', async (type, expected) => {
    expect(await readReport(feedback(type), 'fbl@mx.example')).toEqual(expected);
  });
});

describe('a letter', () => {
  const letter = 'Hi. This is the program at mx.example.\r\n\r\n550 5.1.1 no such user (1.2.3.4)\r\n';

  it('of an old server is taken for the moment, by the status in it', async () => {
    expect(await readReport(mail(['Subject: failure notice'], letter), '')).toEqual({
      kind: 'soft_bounced',
      reason: '550 5.1.1 no such user (1.2.3.4)',
    });
  });

  it('of Exim is no answer, although it says so', async () => {
    const head = ['Auto-Submitted: auto-replied', 'X-Failed-Recipients: anna@example.com'];
    expect(await readReport(mail(head, letter), '')).toMatchObject({ kind: 'soft_bounced' });
  });

  it.each([
    ['somebody who is away', ['Auto-Submitted: auto-replied (vacation)'], letter, ''],
    ['an old program', ['Precedence: auto_reply'], letter, ''],
    ['an older program', ['X-Autoreply: yes'], letter, ''],
    ['a person', ['Subject: Re: Hello'], letter, 'anna@example.com'],
    ['nobody knows what', ['Subject: Hello'], 'From 10.5.1.1 with version 5.1.1.2\r\n', ''],
  ])('of %s is no news', async (_, head, body, sender) => {
    expect(await readReport(mail(head, body), sender)).toBeNull();
  });
});

it('what is no mail is no news', async () => {
  expect(await readReport(Buffer.from([0, 255, 13, 10, 0]), '')).toBeNull();
  expect(await readReport(Buffer.alloc(0), '')).toBeNull();
});
