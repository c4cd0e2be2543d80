import { describe, expect, it } from 'vitest';
import { signWebhook } from '../../provider-events/signed-webhook.ts';
import { answerOf, NOW, posted, reference, token, tools } from '../fixtures/report-rig.ts';
import { readResendAnswer } from './resend-api.ts';
import { resendKind } from './resend-kind.ts';
import { resendReports } from './resend-reports.ts';

const SECRET = Buffer.from('the secret of the webhook');
const settings = resendKind.read({
  kind: 'resend',
  api_key: 're_hidden',
  webhook_secret: `whsec_${SECRET.toString('base64')}`,
  from_address: 'hello@shop.example',
});
const error = (name: string) => ({ name, message: 'No.' });
const LOOK = expect.stringContaining('look at the API key');

describe('the answer of Resend to a mail', () => {
  it.each([
    [200, { id: 'abc' }, { state: 'sent', ref: 'abc' }],
    [200, '<html>', { state: 'retry' }],
    [409, error('invalid_idempotent_request'), { state: 'sent', ref: null }],
    [409, error('concurrent_idempotent_requests'), { state: 'retry', afterMs: null }],
    [422, error('validation_error'), { state: 'failed', reason: 'Resend validation_error: No.' }],
    [422, error('invalid_attachment'), { state: 'failed' }],
    [422, error('invalid_from_address'), { state: 'retry', reason: LOOK }],
    [422, '<html>', { state: 'retry' }],
    [403, error('invalid_api_key'), { state: 'retry', reason: LOOK }],
    [403, error('validation_error'), { state: 'retry', reason: LOOK }],
    [401, '', { state: 'retry', reason: LOOK }],
    [429, error('daily_quota_exceeded'), { state: 'retry', afterMs: null }],
    [429, error('rate_limit_exceeded'), { state: 'retry', afterMs: null, limited: true }],
    [500, error('application_error'), { state: 'retry', afterMs: null }],
  ])('%s %j', (status, body, outcome) => {
    expect(readResendAnswer(answerOf(status, body), NOW)).toMatchObject(outcome);
  });
});

const signed = (secret: Buffer, at: number, body = '{}') => {
  const headers = signWebhook(secret, 'msg_1', at, body);
  const named = Object.entries(headers).map(([name, value]) => [name.replace('webhook-', 'svix-'), value]);
  return posted(body, Object.fromEntries(named));
};

const isGenuine = (report: ReturnType<typeof posted>, of = settings) =>
  resendReports.isGenuine(report, of, tools());

describe('a webhook of Resend', () => {
  it('is genuine when it is signed a moment ago', () => {
    expect(isGenuine(signed(SECRET, NOW))).toBe(true);
    expect(isGenuine(signed(SECRET, NOW - 600_000))).toBe(false);
    expect(isGenuine(signed(Buffer.from('other'), NOW))).toBe(false);
    expect(isGenuine({ ...signed(SECRET, NOW), body: '{"a":1}' })).toBe(false);
    expect(isGenuine(posted('{}'))).toBe(false);
    expect(isGenuine(signed(SECRET, NOW), { ...settings, webhookSecret: null })).toBe(false);
  });
});

describe('an event of Resend', () => {
  const created_at = '2026-11-25T10:00:00.000Z';
  const read = (type: string, data: object, tags: object = { carillon: token }) =>
    resendReports.read(
      posted({ type, created_at, data: { tags, ...data } }, { 'svix-id': 'msg_1' }),
      settings,
      tools(),
    );

  it.each([
    ['email.delivered', {}, { kind: 'delivered' }],
    [
      'email.bounced',
      { bounce: { type: 'Permanent', message: '550 no' } },
      { kind: 'bounced', reason: '550 no' },
    ],
    [
      'email.bounced',
      { bounce: { type: 'Transient', message: 'full' } },
      { kind: 'soft_bounced', reason: 'full' },
    ],
    ['email.suppressed', { suppressed: { message: 'on a list' } }, { kind: 'bounced', reason: 'on a list' }],
    ['email.failed', { failed: { reason: 'quota' } }, { kind: 'soft_bounced', reason: 'Resend: quota' }],
    ['email.complained', {}, { kind: 'complained' }],
    ['email.opened', {}, { kind: 'opened', name: 'resend msg_1' }],
    [
      'email.clicked',
      { click: { link: 'https://shop.example/' } },
      { kind: 'clicked', url: 'https://shop.example/' },
    ],
  ])('%s', (type, data, report) => {
    expect(read(type, data)).toMatchObject([{ reference, at: Date.parse(created_at), ...report }]);
  });

  it('may list its tags as they were sent', () => {
    expect(read('email.delivered', {}, [{ name: 'carillon', value: token }])).toMatchObject([{ reference }]);
  });

  it('is no news while the mail is under way, or when it is of another', () => {
    for (const type of ['email.sent', 'email.delivery_delayed', 'contact.created'])
      expect(read(type, {})).toEqual([]);
    expect(read('email.delivered', {}, { carillon: 'x' })).toEqual([]);
  });
});

it('settings for Resend are shown without secrets', () => {
  const shown = resendKind.show(settings);
  expect(shown).toMatchObject({ base_url: 'https://api.resend.com', has_webhook_secret: true });
  expect(JSON.stringify(shown)).not.toMatch(/re_hidden|whsec/);
});
