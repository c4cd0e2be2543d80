import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { TokenSigner } from '../../../../platform/crypto/index.ts';
import { nameId } from '../../../../platform/ids.ts';
import { messageIdOf } from '../message-id.ts';
import { readSendGridAnswer } from './sendgrid-api.ts';
import { sendGridKind } from './sendgrid-kind.ts';
import { sendGridReports } from './sendgrid-reports.ts';

const NOW = Date.UTC(2026, 10, 26);
const answer = (status: number, body: unknown = '', headers = {}) =>
  readSendGridAnswer({ status, headers, body: Buffer.from(JSON.stringify(body)) }, NOW);
const error = (field: string | null, message = 'No.') => ({ errors: [{ message, field, help: null }] });
const settings = { kind: 'sendgrid', api_key: 'SG.key', from_address: 'hello@shop.example' } as const;

describe('SendGrid’s answer to a mail', () => {
  it('is its reference when it has taken it', () => {
    expect(answer(202, '', { 'x-message-id': 'abc' })).toEqual({ state: 'sent', ref: 'abc' });
    expect(answer(202)).toEqual({ state: 'sent', ref: null });
  });

  it.each([
    [400, error('personalizations.0.to.0.email'), { state: 'failed', address: { notificationTypes: -10 } }],
    [400, error('content.0.value'), { state: 'failed' }],
    [400, error(null), { state: 'failed' }],
    [400, error('from.email'), { state: 'retry', reason: expect.stringContaining('verified sender') }],
    [400, 'from a proxy', { state: 'retry' }],
    [413, error(null), { state: 'failed' }],
    [401, error(null), { state: 'retry', reason: expect.stringContaining('API key') }],
    [403, error('from'), { state: 'retry', reason: expect.stringContaining('API key') }],
    [429, error(null), { state: 'retry', afterMs: null, limited: true }],
    [500, '', { state: 'retry', afterMs: null }],
    [503, '', { state: 'retry', afterMs: null }],
    [200, '<html>', { state: 'retry' }],
  ])('%s %j', (status, body, outcome) => {
    const read = answer(status, body);
    expect(read).toMatchObject(outcome);
    expect('address' in read).toBe('address' in outcome);
  });

  it('says how long to wait, in one way or the other', () => {
    expect(answer(429, '', { 'retry-after': '7' })).toMatchObject({ afterMs: 7_000 });
    expect(answer(429, '', { 'x-ratelimit-reset': String(NOW / 1_000 + 12) })).toMatchObject({
      afterMs: 12_000,
    });
  });

  it('is told without the address', () => {
    expect(answer(400, error(null, 'Bad address anna@example.com'))).toMatchObject({
      reason: 'SendGrid 400: Bad address <address>',
    });
  });
});

describe('an event of SendGrid', () => {
  const signer = new TokenSigner({ current: randomBytes(32), previous: [] });
  const reference = { messageId: nameId('m'), subscriptionId: nameId('s'), lane: 3 };
  const messageId = messageIdOf(signer, reference, 'carillon.example');
  const token = messageId.slice(1, messageId.indexOf('@'));
  const tools = {
    signer,
    isSandbox: false,
    outbound: { request: () => Promise.reject(new Error('asked nobody')) },
  };
  const read = (event: object) =>
    sendGridReports.read(
      {
        headers: {},
        body: JSON.stringify([{ timestamp: 1_700_000_000, sg_event_id: 'e1', ...event }]),
        now: NOW,
      },
      sendGridKind.read(settings),
      tools,
    );

  it.each([
    [{ event: 'delivered', response: '250 OK' }, 'delivered', undefined],
    [{ event: 'bounce', type: 'bounce', reason: '550 no' }, 'bounced', '550 no'],
    [{ event: 'bounce', type: 'blocked', reason: '554 no' }, 'soft_bounced', '554 no'],
    [{ event: 'dropped', reason: 'Bounced Address' }, 'bounced', 'Bounced Address'],
    [{ event: 'dropped', reason: 'Spam Content' }, 'soft_bounced', 'Spam Content'],
    [{ event: 'dropped', reason: 'Spam Reporting Address' }, 'complained', expect.any(String)],
    [{ event: 'dropped', reason: 'Unsubscribed Address' }, 'unsubscribed', 'SendGrid'],
    [{ event: 'spamreport' }, 'complained', expect.any(String)],
    [{ event: 'unsubscribe' }, 'unsubscribed', 'SendGrid'],
    [{ event: 'open' }, 'opened', undefined],
  ])('%j is %s', (event, kind, reason) => {
    expect(read({ ...event, carillon: token })).toEqual([
      {
        reference,
        kind,
        at: 1_700_000_000_000,
        name: 'sendgrid e1',
        ...(reason !== undefined && { reason }),
      },
    ]);
  });

  it('of a click says where it led, and may name the mail by its Message-ID', () => {
    expect(read({ event: 'click', url: 'https://shop.example/', 'smtp-id': messageId })).toMatchObject([
      { kind: 'clicked', url: 'https://shop.example/', reference },
    ]);
  });

  it('is no news while the mail is under way, or when it is of another mail', () => {
    for (const event of ['processed', 'deferred', 'new'])
      expect(read({ event, carillon: token })).toEqual([]);
    expect(read({ event: 'delivered', carillon: `${token}x` })).toEqual([]);
    expect(read({ event: 'delivered', carillon: token, timestamp: 'soon' })).toEqual([]);
  });
});

describe('settings for SendGrid', () => {
  it('take no key that is none of SendGrid’s', () => {
    const given = { ...settings, webhook_public_key: Buffer.from('no key').toString('base64') };
    expect(() => sendGridKind.read(given)).toThrow(/webhook_public_key/);
  });

  it('are shown without the API key', () => {
    const shown = sendGridKind.show(sendGridKind.read(settings));
    expect(shown).toMatchObject({ base_url: 'https://api.sendgrid.com', connections: 10, from_name: '' });
    expect(JSON.stringify(shown)).not.toContain('SG.key');
  });
});
