import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { answerOf, messageId, NOW, posted, reference, token, tools } from '../fixtures/report-rig.ts';
import { readMailgunAnswer } from './mailgun-api.ts';
import { mailgunKind } from './mailgun-kind.ts';
import { mailgunReports } from './mailgun-reports.ts';

const given = {
  kind: 'mailgun',
  domain: 'shop.example',
  api_key: 'hidden-word',
  webhook_signing_key: 'signing-word',
  from_address: 'hello@shop.example',
} as const;
const settings = mailgunKind.read(given);

describe('the answer of Mailgun to a mail', () => {
  it.each([
    [200, { id: '<1@shop.example>', message: 'Queued.' }, { state: 'sent', ref: '<1@shop.example>' }],
    [200, '<html>', { state: 'retry' }],
    [400, { message: 'to is not valid' }, { state: 'failed', reason: 'Mailgun 400: to is not valid' }],
    [400, '<html>', { state: 'retry' }],
    [413, '', { state: 'failed' }],
    [401, 'Forbidden', { state: 'retry', reason: expect.stringContaining('look at the key') }],
    [402, '', { state: 'retry', reason: expect.stringContaining('look at the key') }],
    [404, { message: 'Domain not found' }, { state: 'retry', reason: expect.stringContaining('its region') }],
    [429, '', { state: 'retry', afterMs: null, limited: true }],
    [500, '', { state: 'retry', afterMs: null }],
  ])('%s %j', (status, body, outcome) => {
    expect(readMailgunAnswer(answerOf(status, body), NOW)).toMatchObject(outcome);
  });
});

const signed = (at: number, key = 'signing-word', nonce = 'abc') => {
  const timestamp = String(Math.floor(at / 1_000));
  const signature = createHmac('sha256', key)
    .update(timestamp + nonce)
    .digest('hex');
  return posted({ signature: { timestamp, token: nonce, signature }, 'event-data': {} });
};

const isGenuine = (report: ReturnType<typeof posted>, of = settings) =>
  mailgunReports.isGenuine(report, of, tools());

describe('a webhook of Mailgun', () => {
  it('is genuine for as long as Mailgun goes on trying', () => {
    expect(isGenuine(signed(NOW))).toBe(true);
    expect(isGenuine(signed(NOW - 8 * 3_600_000))).toBe(true);
    expect(isGenuine(signed(NOW - 10 * 3_600_000))).toBe(false);
    expect(isGenuine(signed(NOW + 3_600_000))).toBe(false);
  });

  it('is not when it is signed with another key, or when there is none', () => {
    expect(isGenuine(signed(NOW, 'other'))).toBe(false);
    expect(isGenuine(posted('{}'))).toBe(false);
    expect(isGenuine(posted('no json'))).toBe(false);
    expect(isGenuine(signed(NOW), { ...settings, webhookSigningKey: null })).toBe(false);
  });
});

const read = (event: object) =>
  mailgunReports.read(
    posted({
      'event-data': {
        timestamp: 1_700_000_000.123,
        id: 'e1',
        'user-variables': { carillon: token },
        ...event,
      },
    }),
    settings,
    tools(),
  );

const failed = (reason: string, severity = 'permanent') => ({
  event: 'failed',
  severity,
  reason,
  'delivery-status': { code: 550, message: 'No.' },
});

describe('an event of Mailgun', () => {
  it.each([
    [{ event: 'delivered' }, { kind: 'delivered' }],
    [failed('bounce'), { kind: 'bounced', reason: 'No.' }],
    [failed('suppress-bounce'), { kind: 'bounced' }],
    [failed('suppress-complaint'), { kind: 'complained' }],
    [failed('suppress-unsubscribe'), { kind: 'unsubscribed' }],
    [failed('old'), { kind: 'soft_bounced', reason: 'No.' }],
    [failed('generic'), { kind: 'soft_bounced' }],
    [
      { event: 'rejected', reject: { reason: 'Sandbox' } },
      { kind: 'soft_bounced', reason: 'Mailgun: Sandbox' },
    ],
    [{ event: 'complained' }, { kind: 'complained' }],
    [{ event: 'unsubscribed' }, { kind: 'unsubscribed' }],
    [{ event: 'opened' }, { kind: 'opened', name: 'mailgun e1' }],
    [
      { event: 'clicked', url: 'https://shop.example/' },
      { kind: 'clicked', url: 'https://shop.example/' },
    ],
  ])('%j', (event, report) => {
    expect(read(event)).toMatchObject([{ reference, at: 1_700_000_000_123, ...report }]);
  });

  it('may name its mail by the Message-ID alone', () => {
    const message = { headers: { 'message-id': messageId.slice(1, -1) } };
    expect(read({ event: 'delivered', 'user-variables': {}, message })).toMatchObject([{ reference }]);
  });

  it('is no news while the mail is tried again, or when it is of another', () => {
    expect(read(failed('generic', 'temporary'))).toEqual([]);
    expect(read({ event: 'accepted' })).toEqual([]);
    expect(read({ event: 'delivered', 'user-variables': { carillon: 'x' } })).toEqual([]);
  });
});

it('settings for Mailgun name the region, and are shown without secrets', () => {
  expect(settings.baseUrl).toBe('https://api.mailgun.net');
  expect(mailgunKind.read({ ...given, region: 'eu' }).baseUrl).toBe('https://api.eu.mailgun.net');
  const shown = mailgunKind.show(settings);
  expect(shown).toMatchObject({ region: 'us', has_webhook_signing_key: true });
  expect(JSON.stringify(shown)).not.toMatch(/hidden-word|signing-word/);
});
