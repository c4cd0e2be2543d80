import { describe, expect, it } from 'vitest';
import { startAdmReceiver } from '../../sandbox/device-push/adm-receiver.ts';
import type { AdmReceiver, AdmReceiverOptions } from '../../sandbox/device-push/adm-receiver.ts';
import {
  itKeepsAccessTokensToTheSecret,
  itReachesNobodyInside,
  itReplacesAccessTokens,
} from '../fixtures/common-cases.ts';
import { byToken, describePushChannel, messageId, rigsOf, wordToken } from '../fixtures/push-service.ts';
import type { PushService } from '../fixtures/push-service.ts';
import { samplePush } from '../fixtures/sample-push.ts';
import type { AdmSettings } from './adm-account.ts';
import { AdmChannel } from './adm-channel.ts';

const settings = (origin: string): AdmSettings => ({
  kind: 'adm',
  clientId: 'amzn1.application-oa2-client.7',
  clientSecret: 'secret',
  address: { kind: 'elsewhere', origin },
});

const service: PushService<AdmSettings, AdmReceiverOptions, AdmReceiver> = {
  start: (options) =>
    startAdmReceiver({
      secretOf: (id) => (id === 'amzn1.application-oa2-client.7' ? 'secret' : null),
      ...options,
    }),
  open: (options) => new AdmChannel(options),
  settings,
  tokenOf: wordToken,
  ...byToken,
};

describePushChannel('push over ADM', service, {});

const rigs = rigsOf(service);
const { rigOf } = rigs;

describe('a push for an Amazon device', () => {
  it('arrives as data for the app’s SDK, with the headers that Amazon asks for', async () => {
    const { arrived, clock, deliver } = await rigOf();
    const push = samplePush(
      { collapse_id: 'order-7', adm_small_icon: 'ic_bag', data: { order: 7 } },
      { expiresAt: clock.now() + 59_001 },
    );
    const outcome = await deliver('amzn1.adm-registration.v2.a/b+c=', push);
    expect(outcome).toEqual({ state: 'sent', ref: arrived[0]?.providerId });
    expect(arrived).toEqual([
      {
        transport: 'amazon_push',
        sender: 'amzn1.application-oa2-client.7',
        token: 'amzn1.adm-registration.v2.a/b+c=',
        messageId,
        providerId: expect.any(String),
        headers: expect.objectContaining({
          'x-amzn-type-version': 'com.amazon.device.messaging.ADMMessage@1.0',
          'x-amzn-accept-type': 'com.amazon.device.messaging.ADMSendResult@1.0',
        }),
        payload: {
          data: {
            custom: JSON.stringify({ i: messageId, a: { order: 7 } }),
            title: 'Größe & Ordnung',
            alert: 'Your order is on its way',
            sicon: 'ic_bag',
          },
          consolidationKey: 'order-7',
          expiresAfter: 60,
          md5: expect.any(String),
        },
        at: clock.now(),
      },
    ]);
    expect(JSON.stringify(arrived[0]?.headers)).not.toContain('Bearer');
  });

  it('tells the registration id by which the device is reached from now on', async () => {
    const { deliver } = await rigOf();
    expect(await deliver('moved:7')).toMatchObject({ state: 'sent', newToken: 'device:7' });
    expect(await deliver('device:7')).not.toHaveProperty('newToken');
  });

  it('ends a subscription whose app is gone', async () => {
    const { deliver } = await rigOf();
    expect(await deliver('gone:1')).toEqual({
      state: 'failed',
      address: { notificationTypes: -10 },
      reason: '400 Unregistered (the app is not on the device any more)',
    });
  });

  it('ends none with an unknown id while the account has sent nothing: it may be that of another app', async () => {
    const { deliver } = await rigOf();
    expect(await deliver('unknown:1')).toEqual({
      state: 'failed',
      reason: expect.stringMatching(/^400 InvalidRegistrationId .*the subscription stays/),
    });
    expect(await deliver('device:1')).toMatchObject({ state: 'sent' });
    expect(await deliver('unknown:1')).toMatchObject({
      state: 'failed',
      address: { notificationTypes: -10 },
    });
  });

  it.each([
    ['large:1', { state: 'failed', reason: expect.stringMatching(/^413 MessageTooLarge/) }],
    [
      'busy:1',
      { state: 'retry', afterMs: 30_000, limited: true, reason: expect.stringMatching(/^429 MaxRate/) },
    ],
    ['defer:1', { state: 'retry', afterMs: null, reason: expect.stringMatching(/^503 ServiceUnavailable/) }],
    [
      'two words',
      {
        state: 'failed',
        address: { notificationTypes: -10 },
        reason: expect.stringMatching(/^the token of/),
      },
    ],
  ])('to %j ends so', async (token, outcome) => {
    const { deliver } = await rigOf();
    expect(await deliver(token)).toEqual(outcome);
  });

  itReachesNobodyInside(service, rigs, 'the access token of Amazon');
});

describe('the access token of Amazon', () => {
  itReplacesAccessTokens(rigs);

  itKeepsAccessTokensToTheSecret(rigs, /^401 invalid_client \(Amazon gives no access token/);
});
