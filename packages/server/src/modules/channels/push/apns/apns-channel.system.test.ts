import { generateKeyPairSync } from 'node:crypto';
import { FakeClock } from '@carillon/test-kit';
import { describe, expect, it } from 'vitest';
import { authority, clientIdentity, serverIdentity } from '../../../../fixtures/certificates.ts';
import { startPeer } from '../../../../fixtures/http2-peer.ts';
import type { ProviderAccount } from '../../channel.ts';
import type { Conduct } from '../../channel-conformance.ts';
import { startApnsReceiver } from '../../sandbox/device-push/apns-receiver.ts';
import type { ApnsReceiverOptions } from '../../sandbox/device-push/apns-receiver.ts';
import type { Http2Receiver } from '../../sandbox/device-push/http2-receiver.ts';
import { itReachesNobodyInside } from '../fixtures/common-cases.ts';
import { describePushChannel, envelopeOf, LOOPBACK, messageId, rigsOf } from '../fixtures/push-service.ts';
import type { PushService } from '../fixtures/push-service.ts';
import { samplePush } from '../fixtures/sample-push.ts';
import type { ApnsCertificateSettings, ApnsKeySettings, ApnsSettings } from './apns-account.ts';
import { ApnsChannel } from './apns-channel.ts';
import { apnsIdOf } from './apns-message.ts';

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();

const settings = (origin: string): ApnsKeySettings => ({
  kind: 'apns',
  key: privateKey,
  keyId: 'ABC123DEFG',
  teamId: 'DEF123GHIJ',
  bundleId: 'com.example.shop',
  environment: 'production',
  address: { kind: 'elsewhere', origin },
});

const DIGITS: Record<Conduct, string> = {
  accept: '',
  refuse: 'fa170410',
  defer: 'fa170503',
  drop: 'fa170002',
  lost: 'fa170003',
  slow: 'fa170001',
  busy: 'fa170429',
  garble: 'fa170006',
  leave: 'fa170004',
  crash: 'fa170005',
};

const tokenOf = (digits: string, number = 0) =>
  digits + number.toString(16).padStart(64 - digits.length, '0');

const service: PushService<ApnsSettings, ApnsReceiverOptions, Http2Receiver> = {
  start: (options) => startApnsReceiver({ publicKey, ...options }),
  open: (options) => new ApnsChannel(options),
  settings,
  tokenOf: (conduct, number) => tokenOf(DIGITS[conduct], number),
  arrivedKey: ({ providerId }) => providerId,
  keyOf: (envelope) => apnsIdOf(envelope.messageId, envelope.recipient.subscriptionId),
};

describePushChannel('push over APNs', service, { multiplexes: true });

const rigs = rigsOf(service);
const { rigOf, closers } = rigs;

describe('a push for an Apple device', () => {
  it('arrives with its headers and its payload, and Apple’s name for it is kept', async () => {
    const { arrived, channel, account } = await rigOf();
    const content = samplePush(
      { collapse_id: 'order-7', thread_id: 'orders', priority: 5 },
      { expiresAt: 1_800_000_000_500 },
    );
    const envelope = envelopeOf(tokenOf('', 1), content);
    const id = apnsIdOf(messageId, envelope.recipient.subscriptionId);
    expect(await channel.deliver(account, [envelope])).toEqual([{ state: 'sent', ref: id }]);
    expect(arrived).toEqual([
      expect.objectContaining({
        transport: 'ios_push',
        token: tokenOf('', 1),
        messageId,
        providerId: id,
        headers: {
          'apns-id': id,
          'apns-topic': 'com.example.shop',
          'apns-push-type': 'alert',
          'apns-priority': '5',
          'apns-expiration': '1800000001',
          'apns-collapse-id': 'order-7',
        },
        payload: {
          aps: {
            alert: { title: 'Größe & Ordnung', body: 'Your order is on its way' },
            sound: 'default',
            'thread-id': 'orders',
            'mutable-content': 1,
          },
          custom: { i: messageId, collapse_id: 'order-7' },
        },
      }),
    ]);
  });

  it.each([
    [
      'fa170410',
      {
        state: 'failed',
        address: { notificationTypes: -10 },
        reason: expect.stringMatching(/^410 Unregistered \(.*, since 2026-10-31T12:00:00\.000Z\)$/),
      },
    ],
    [
      'fa170400',
      {
        state: 'failed',
        address: { notificationTypes: -10 },
        reason: expect.stringMatching(/^400 BadDeviceToken/),
      },
    ],
    [
      'fa170403',
      { state: 'failed', reason: expect.stringMatching(/^400 DeviceTokenNotForTopic .*bundle_id/) },
    ],
    ['fa170413', { state: 'failed', reason: expect.stringMatching(/^413 PayloadTooLarge/) }],
    ['fa170429', { state: 'retry', afterMs: 30_000, reason: expect.stringMatching(/^429 TooManyRequests/) }],
    ['fa170503', { state: 'retry', afterMs: null, reason: expect.stringMatching(/^503 ServiceUnavailable/) }],
  ])('that is answered to %s ends so', async (digits, outcome) => {
    const { deliver } = await rigOf();
    expect(await deliver(tokenOf(digits))).toEqual(outcome);
  });

  it.each(['', 'abc', 'x'.repeat(64), '../3/device/', '0'.repeat(63)])('is not sent to %j', async (token) => {
    const { deliver, arrived } = await rigOf();
    expect(await deliver(token)).toMatchObject({ state: 'failed', address: { notificationTypes: -10 } });
    expect(arrived).toEqual([]);
  });

  it('goes to the topic of calls when it is one', async () => {
    const { deliver, arrived } = await rigOf();
    const content = samplePush({ apns_push_type_override: 'voip' }, { body: 'x'.repeat(4_500) });
    expect(await deliver(tokenOf(''), content)).toMatchObject({ state: 'sent' });
    expect(arrived[0]?.headers).toMatchObject({
      'apns-topic': 'com.example.shop.voip',
      'apns-push-type': 'voip',
    });
  });

  it('that only wakes the app is sent so that Apple takes it', async () => {
    const { deliver, arrived } = await rigOf();
    const content = samplePush({ content_available: true, priority: 10 }, { title: null, body: null });
    expect(await deliver(tokenOf(''), content)).toMatchObject({ state: 'sent' });
    expect(arrived[0]?.headers).toMatchObject({ 'apns-push-type': 'background', 'apns-priority': '5' });
    expect(arrived[0]?.payload['aps']).toEqual({ 'content-available': 1 });
  });

  itReachesNobodyInside(service, rigs, 'APNs', tokenOf(''));
});

describe('the environment of a token', () => {
  const UNKNOWN = { status: 400, body: '{"reason":"BadDeviceToken"}' };
  const TAKEN = { status: 200, body: '' };
  const OTHER_CREDENTIALS = { status: 403, body: '{"reason":"BadEnvironmentKeyIdInToken"}' };

  async function environments(production: typeof TAKEN, sandbox: typeof TAKEN) {
    const asked: string[] = [];
    const service = async (name: string, { status, body }: typeof TAKEN) => {
      const peer = await startPeer((stream) => {
        asked.push(name);
        stream.resume();
        stream.respond({ ':status': status });
        stream.end(body);
      });
      closers.push(() => peer.close());
      return peer.origin;
    };
    const origins = {
      production: await service('production', production),
      sandbox: await service('sandbox', sandbox),
    };
    const channel = new ApnsChannel({ clock: new FakeClock(), outboundAllowed: LOOPBACK, origins });
    closers.unshift(() => channel.close());
    const account = { key: 'a', settings: { ...settings(''), address: { kind: 'provider' } as const } };
    const deliver = async (device: Readonly<Record<string, unknown>> = {}) => {
      const { recipient, ...envelope } = envelopeOf(tokenOf(''));
      const [outcome] = await channel.deliver(account, [
        { ...envelope, recipient: { ...recipient, device } },
      ]);
      return outcome;
    };
    return { asked, deliver };
  }

  it.each([
    [0, 'production'],
    [1, 'sandbox'],
    [2, 'production'],
    [null, 'production'],
  ])('of a device with test_type %j is %s', async (testType, name) => {
    const { asked, deliver } = await environments(TAKEN, TAKEN);
    expect(await deliver({ test_type: testType })).toMatchObject({ state: 'sent' });
    expect(asked).toEqual([name]);
  });

  it('is the other one when the first does not know it', async () => {
    const { asked, deliver } = await environments(UNKNOWN, TAKEN);
    expect(await deliver()).toMatchObject({ state: 'sent' });
    expect(asked).toEqual(['production', 'sandbox']);
  });

  it.each([
    ['the other one does not know it either', UNKNOWN],
    ['the credentials are for one environment', OTHER_CREDENTIALS],
  ])('is none, and the subscription ends, when %s', async (_, sandbox) => {
    const { deliver } = await environments(UNKNOWN, sandbox);
    expect(await deliver()).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/^400 BadDeviceToken/),
      address: { notificationTypes: -10 },
    });
  });

  it('is not decided while the other one has trouble', async () => {
    const { deliver } = await environments(UNKNOWN, { status: 503, body: '' });
    expect(await deliver()).toMatchObject({ state: 'retry' });
  });
});

/** An APNs that takes the provider token of one request for expired, and what it has seen. */
async function expiringAt(request: number, clock: FakeClock) {
  const seen: string[] = [];
  const peer = await startPeer((stream, headers) => {
    seen.push(headers.authorization ?? '');
    stream.resume();
    const isExpired = seen.length === request;
    stream.respond({ ':status': isExpired ? 403 : 200 });
    stream.end(isExpired ? '{"reason":"ExpiredProviderToken"}' : '');
  });
  const channel = new ApnsChannel({ clock, outboundAllowed: LOOPBACK });
  closers.push(
    () => channel.close(),
    () => peer.close(),
  );
  const account = { key: 'a', settings: settings(peer.origin) };
  return { seen, deliver: () => channel.deliver(account, [envelopeOf(tokenOf(''))]) };
}

describe('the provider token', () => {
  it('is one for all messages, until it has been used for the better part of an hour', async () => {
    const { deliver, clock, arrived, account, channel } = await rigOf();
    expect(await deliver(tokenOf('', 1))).toMatchObject({ state: 'sent' });
    await clock.advance(45 * 60_000);
    expect(await deliver(tokenOf('', 2))).toMatchObject({ state: 'sent' });
    await clock.advance(20 * 60_000);
    expect(await channel.deliver(account, [envelopeOf(tokenOf('', 3))])).toMatchObject([{ state: 'sent' }]);
    expect(arrived).toHaveLength(3);
  });

  it('is renewed at once when Apple takes it for expired', async () => {
    const clock = new FakeClock();
    const { seen, deliver } = await expiringAt(2, clock);
    await deliver();
    await clock.advance(30 * 60_000);
    expect(await deliver()).toMatchObject([{ state: 'sent' }]);
    const [first, second, third] = seen;
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('is not renewed more often than Apple allows', async () => {
    const { seen, deliver } = await expiringAt(1, new FakeClock());
    expect(await deliver()).toEqual([
      { state: 'retry', afterMs: null, reason: expect.stringMatching(/^403 ExpiredProviderToken .*clock/) },
    ]);
    expect(seen).toHaveLength(1);
  });

  it('that is signed with another key asks the operator, and costs no message', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { deliver } = await rigOf({
      publicKey: other.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    });
    expect(await deliver(tokenOf(''))).toEqual({
      state: 'retry',
      afterMs: null,
      reason: '403 InvalidProviderToken (key, key_id and team_id do not belong together)',
    });
  });
});

describe('a certificate', () => {
  it('speaks for the app instead of a token', async () => {
    const seen: unknown[] = [];
    const peer = await startPeer(
      (stream, headers) => {
        const socket = stream.session?.socket as
          | { getPeerCertificate?(): { subject: { CN: string } } }
          | undefined;
        seen.push(socket?.getPeerCertificate?.().subject.CN, headers.authorization);
        stream.resume();
        stream.respond({ ':status': 200 }, { endStream: true });
      },
      { tls: { ...serverIdentity, ca: authority, requestCert: true } },
    );
    const channel = new ApnsChannel({
      clock: new FakeClock(),
      outboundAllowed: LOOPBACK,
      authorities: [authority],
    });
    closers.push(
      () => channel.close(),
      () => peer.close(),
    );
    const account: ProviderAccount<ApnsCertificateSettings> = {
      key: 'a',
      settings: {
        kind: 'apns_certificate',
        p12: null,
        p12Password: null,
        certificate: clientIdentity.cert,
        privateKey: clientIdentity.key,
        bundleId: 'com.example.shop',
        environment: 'production',
        address: { kind: 'elsewhere', origin: peer.origin },
      },
    };
    expect(await channel.deliver(account, [envelopeOf(tokenOf(''))])).toEqual([{ state: 'sent', ref: null }]);
    expect(seen).toEqual(['client', undefined]);
  });
});
