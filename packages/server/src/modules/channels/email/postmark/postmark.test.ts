import { describe, expect, it } from 'vitest';
import { answerOf, NOW, posted, reference, token, tools } from '../fixtures/report-rig.ts';
import { readPostmarkAnswer } from './postmark-api.ts';
import { postmarkKind } from './postmark-kind.ts';
import { postmarkReports } from './postmark-reports.ts';

const given = {
  kind: 'postmark',
  server_token: 'hidden-word',
  webhook_user: 'postmark',
  webhook_password: 'pass:word',
  from_address: 'hello@shop.example',
} as const;
const settings = postmarkKind.read(given);
const error = (ErrorCode: number) => ({ ErrorCode, Message: 'No.' });
const LOOK = expect.stringContaining('look at the server token');

describe('the answer of Postmark to a mail', () => {
  it.each([
    [200, { ErrorCode: 0, MessageID: 'abc' }, { state: 'sent', ref: 'abc' }],
    [200, '<html>', { state: 'retry' }],
    [422, error(406), { state: 'failed', address: { notificationTypes: -10 } }],
    [422, error(300), { state: 'failed', reason: 'Postmark 300: No.' }],
    [422, error(411), { state: 'failed' }],
    [422, error(400), { state: 'retry', reason: LOOK }],
    [422, error(412), { state: 'retry', reason: LOOK }],
    [422, error(1235), { state: 'retry', reason: LOOK }],
    [401, error(10), { state: 'retry', reason: LOOK }],
    [422, '<html>', { state: 'retry' }],
    [413, '', { state: 'failed' }],
    [429, '', { state: 'retry', afterMs: null, limited: true }],
    [503, error(100), { state: 'retry', afterMs: null }],
  ])('%s %j', (status, body, outcome) => {
    const read = readPostmarkAnswer(answerOf(status, body), NOW);
    expect(read).toMatchObject(outcome);
    expect('address' in read).toBe('address' in outcome);
  });
});

const shows = (words: string, of = settings) =>
  postmarkReports.isGenuine(
    posted({}, { authorization: `Basic ${Buffer.from(words).toString('base64')}` }),
    of,
    tools(),
  );

describe('a webhook of Postmark', () => {
  it('is genuine with its name and its password', () => {
    expect(shows('postmark:pass:word')).toBe(true);
    for (const words of ['postmark:pass', 'other:pass:word', '', ':']) expect(shows(words)).toBe(false);
    expect(postmarkReports.isGenuine(posted({}), settings, tools())).toBe(false);
  });

  it('is not where neither is set', () => {
    const none = { ...settings, webhookUser: null, webhookPassword: null };
    for (const words of [':', 'null:null', 'postmark:pass:word']) expect(shows(words, none)).toBe(false);
  });
});

const read = (event: object) =>
  postmarkReports.read(
    posted({ MessageID: 'abc', Metadata: { carillon: token }, ...event }),
    settings,
    tools(),
  );

describe('an event of Postmark', () => {
  const when = '2026-11-25T10:00:00.0000000Z';
  const at = Date.parse(when);
  const bounce = (TypeCode: number) => ({
    RecordType: 'Bounce',
    TypeCode,
    BouncedAt: when,
    Details: '550 no',
  });
  const change = (more: object) => ({
    RecordType: 'SubscriptionChange',
    ChangedAt: when,
    SuppressSending: true,
    SuppressionReason: 'ManualSuppression',
    Origin: 'Recipient',
    ...more,
  });

  it.each([
    [{ RecordType: 'Delivery', DeliveredAt: when }, { kind: 'delivered' }],
    [bounce(1), { kind: 'bounced', reason: '550 no' }],
    [bounce(100_000), { kind: 'bounced' }],
    [bounce(4_096), { kind: 'soft_bounced', reason: '550 no' }],
    [bounce(2), { kind: 'soft_bounced' }],
    [bounce(16), { kind: 'unsubscribed' }],
    [bounce(100_001), { kind: 'complained' }],
    [{ RecordType: 'SpamComplaint', BouncedAt: when }, { kind: 'complained' }],
    [change({}), { kind: 'unsubscribed' }],
    [
      { RecordType: 'Open', ReceivedAt: when },
      { kind: 'opened', name: 'postmark abc 2026-11-25T10:00:00.000Z' },
    ],
    [
      { RecordType: 'Click', ReceivedAt: when, OriginalLink: 'https://shop.example/' },
      { kind: 'clicked', url: 'https://shop.example/' },
    ],
  ])('%j', (event, report) => {
    expect(read(event)).toMatchObject([{ reference, at, ...report }]);
  });

  it.each([
    ['an answer by a program', bounce(64)],
    ['a bounce that is told by itself', change({ SuppressionReason: 'HardBounce' })],
    ['a list that somebody has changed by hand', change({ Origin: 'Admin' })],
    ['somebody who is back', change({ SuppressSending: false })],
    ['another mail', { ...bounce(1), Metadata: { carillon: 'x' } }],
    ['no moment', { RecordType: 'Delivery' }],
  ])('is no news of %s', (_, event) => {
    expect(read(event)).toEqual([]);
  });
});

it('settings for Postmark have both halves of what its webhooks show, or none', () => {
  const { webhook_user: _, ...half } = given;
  expect(() => postmarkKind.read(half)).toThrow(/webhook_user/);
  const shown = postmarkKind.show(settings);
  expect(shown).toMatchObject({ message_stream: 'outbound', webhook_user: 'postmark' });
  expect(JSON.stringify(shown)).not.toMatch(/hidden-word|pass:word/);
});
