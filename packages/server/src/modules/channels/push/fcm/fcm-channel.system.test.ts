import { generateKeyPairSync } from 'node:crypto';
import { FakeClock } from '@carillon/test-kit';
import { describe, expect, it } from 'vitest';
import { startPeer } from '../../../../fixtures/http2-peer.ts';
import { startFcmReceiver } from '../../sandbox/device-push/fcm-receiver.ts';
import type { FcmReceiver, FcmReceiverOptions } from '../../sandbox/device-push/fcm-receiver.ts';
import { itReplacesAccessTokens } from '../fixtures/common-cases.ts';
import {
  byToken,
  describePushChannel,
  envelopeOf,
  LOOPBACK,
  messageId,
  rigsOf,
  wordToken,
} from '../fixtures/push-service.ts';
import type { PushService } from '../fixtures/push-service.ts';
import { samplePush } from '../fixtures/sample-push.ts';
import type { FcmSettings } from './fcm-account.ts';
import { FcmChannel } from './fcm-channel.ts';

const pairOf = () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
};
const { privateKey, publicKey } = pairOf();

const settings = (origin: string): FcmSettings => ({
  kind: 'fcm',
  projectId: 'shop-12345',
  clientEmail: 'push@shop-12345.iam.example',
  privateKey,
  privateKeyId: 'k1',
  tokenUri: `${origin}/token`,
  address: { kind: 'elsewhere', origin },
});

const service: PushService<FcmSettings, FcmReceiverOptions, FcmReceiver> = {
  start: (options) => startFcmReceiver({ publicKey, ...options }),
  open: (options) => new FcmChannel(options),
  settings,
  tokenOf: wordToken,
  ...byToken,
};

describePushChannel('push over FCM', service, { multiplexes: true });

const rigs = rigsOf(service);
const { rigOf, closers } = rigs;

describe('a push for an Android device', () => {
  it('arrives as data for the app’s SDK, and FCM’s name for it is kept', async () => {
    const { arrived, clock, deliver } = await rigOf();
    const content = samplePush(
      { collapse_id: 'order-7', small_icon: 'ic_bag', data: { order: 7 } },
      { expiresAt: clock.now() + 59_001 },
    );
    const outcome = await deliver('device:1', content);
    expect(outcome).toEqual({ state: 'sent', ref: arrived[0]?.providerId });
    expect(arrived).toEqual([
      {
        transport: 'android_push',
        sender: 'projects/shop-12345',
        token: 'device:1',
        messageId,
        providerId: expect.stringMatching(/^projects\/shop-12345\/messages\/0:/),
        headers: { 'content-type': 'application/json' },
        payload: {
          message: {
            token: 'device:1',
            data: {
              custom: JSON.stringify({ i: messageId, a: { order: 7 } }),
              title: 'Größe & Ordnung',
              alert: 'Your order is on its way',
              sicon: 'ic_bag',
            },
            android: { priority: 'HIGH', ttl: '60s', collapse_key: 'order-7' },
          },
        },
        at: clock.now(),
      },
    ]);
  });

  it.each([
    [
      'gone:1',
      {
        state: 'failed',
        address: { notificationTypes: -10 },
        reason: expect.stringMatching(/^404 UNREGISTERED/),
      },
    ],
    [
      'unknown:1',
      {
        state: 'failed',
        address: { notificationTypes: -10 },
        reason: expect.stringMatching(/^400 INVALID_ARGUMENT .*message\.token/),
      },
    ],
    [
      'stranger:1',
      { state: 'failed', reason: expect.stringMatching(/^403 SENDER_ID_MISMATCH .*service account/) },
    ],
    ['large:1', { state: 'failed', reason: expect.stringMatching(/^400 INVALID_ARGUMENT/) }],
    [
      'busy:1',
      { state: 'retry', afterMs: 30_000, limited: true, reason: expect.stringMatching(/^429 QUOTA/) },
    ],
    ['defer:1', { state: 'retry', afterMs: null, reason: expect.stringMatching(/^503 UNAVAILABLE/) }],
    [
      '',
      {
        state: 'failed',
        address: { notificationTypes: -10 },
        reason: expect.stringMatching(/^400 INVALID_ARGUMENT/),
      },
    ],
  ])('to %j ends so', async (token, outcome) => {
    const { deliver } = await rigOf();
    expect(await deliver(token)).toEqual(outcome);
  });
});

describe('the access token', () => {
  it('is asked for once for all messages, and again before its end', async () => {
    const seen: string[] = [];
    const peer = await startPeer((stream, headers) => {
      stream.resume();
      seen.push(headers[':path'] ?? '');
      const isToken = headers[':path'] === '/token';
      stream.respond({ ':status': 200 });
      stream.end(JSON.stringify(isToken ? { access_token: 't', expires_in: 3_600 } : { name: 'n' }));
    });
    const clock = new FakeClock();
    const channel = new FcmChannel({ clock, outboundAllowed: LOOPBACK });
    closers.push(
      () => channel.close(),
      () => peer.close(),
    );
    const account = { key: 'a', settings: settings(peer.origin) };
    const asked = () => seen.filter((path) => path === '/token').length;
    const page = Array.from({ length: 50 }, (_, index) => envelopeOf(`device:${index}`));
    expect(new Set((await channel.deliver(account, page)).map(({ state }) => state))).toEqual(
      new Set(['sent']),
    );
    await clock.advance(54 * 60_000);
    await channel.deliver(account, page);
    expect(asked()).toBe(1);
    await clock.advance(60_000);
    await channel.deliver(account, page);
    expect(asked()).toBe(2);
  });

  itReplacesAccessTokens(rigs);

  it('is refused to another key, which asks the operator and costs no message', async () => {
    const { deliver } = await rigOf({ publicKey: pairOf().publicKey });
    expect(await deliver('device:1')).toEqual({
      state: 'retry',
      afterMs: null,
      reason: expect.stringMatching(/^400 invalid_grant \(.*key.*clock/),
    });
  });

  it.each([
    [200, 'nothing'],
    [200, '{"access_token":7}'],
    [200, 'null'],
    [503, ''],
  ])('is asked for again after an answer that is none: %i %j', async (status, body) => {
    const peer = await startPeer((stream) => {
      stream.resume();
      stream.respond({ ':status': status });
      stream.end(body);
    });
    const channel = new FcmChannel({ clock: new FakeClock(), outboundAllowed: LOOPBACK });
    closers.push(
      () => channel.close(),
      () => peer.close(),
    );
    const account = { key: 'a', settings: settings(peer.origin) };
    for (let times = 0; times < 2; times += 1) {
      expect(await channel.deliver(account, [envelopeOf('device:1')])).toMatchObject([{ state: 'retry' }]);
    }
    expect(peer.sessions).toHaveLength(1);
  });

  it('is not asked for inside the network that the operator has not allowed', async () => {
    const { account } = await rigOf();
    const channel = new FcmChannel({ clock: new FakeClock(), outboundAllowed: [] });
    closers.unshift(() => channel.close());
    const { tokenUri } = account.settings;
    const provider = { ...account.settings, address: { kind: 'provider' } as const, tokenUri };
    expect(await channel.deliver({ key: 'b', settings: provider }, [envelopeOf('device:1')])).toEqual([
      {
        state: 'retry',
        afterMs: null,
        reason: 'the access token of Google: 127.0.0.1 is not on the public internet',
      },
    ]);
  });
});
