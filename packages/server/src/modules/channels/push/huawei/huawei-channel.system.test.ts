import { describe, expect, it } from 'vitest';
import { startHuaweiReceiver } from '../../sandbox/device-push/huawei-receiver.ts';
import type { HuaweiReceiver, HuaweiReceiverOptions } from '../../sandbox/device-push/huawei-receiver.ts';
import {
  itKeepsAccessTokensToTheSecret,
  itReachesNobodyInside,
  itReplacesAccessTokens,
} from '../fixtures/common-cases.ts';
import {
  byToken,
  describePushChannel,
  envelopeOf,
  messageId,
  rigsOf,
  wordToken,
} from '../fixtures/push-service.ts';
import type { PushService } from '../fixtures/push-service.ts';
import { samplePush } from '../fixtures/sample-push.ts';
import type { HuaweiSettings } from './huawei-account.ts';
import { HuaweiChannel } from './huawei-channel.ts';

const settings = (origin: string): HuaweiSettings => ({
  kind: 'huawei',
  appId: '100000007',
  clientSecret: 'secret',
  projectId: null,
  address: { kind: 'elsewhere', origin },
});

const service: PushService<HuaweiSettings, HuaweiReceiverOptions, HuaweiReceiver> = {
  start: (options) =>
    startHuaweiReceiver({ secretOf: (app) => (app === '100000007' ? 'secret' : null), ...options }),
  open: (options) => new HuaweiChannel(options),
  settings,
  tokenOf: wordToken,
  ...byToken,
};

describePushChannel('push over Huawei Push Kit', service, {});

const rigs = rigsOf(service);
const { rigOf } = rigs;

/** Content that is the same for all who get it. */
const content = samplePush({ data: { order: 7 } }, { expiresAt: Date.now() + 1e9 });

describe('a push for a Huawei device', () => {
  it('arrives as a notification that the system shows, with the app’s data', async () => {
    const { arrived, clock, deliver } = await rigOf();
    const push = samplePush({ collapse_id: 'order-7' }, { expiresAt: clock.now() + 59_001 });
    const outcome = await deliver('device:1', push);
    expect(outcome).toEqual({ state: 'sent', ref: arrived[0]?.providerId });
    expect(arrived).toEqual([
      {
        transport: 'huawei_push',
        sender: '100000007',
        token: 'device:1',
        messageId,
        providerId: expect.stringMatching(/^\d+[0-9a-f]{32}$/),
        headers: expect.objectContaining({ 'content-type': 'application/json' }),
        payload: {
          message: {
            data: JSON.stringify({ custom: JSON.stringify({ i: messageId }) }),
            android: {
              ttl: '60s',
              category: 'MARKETING',
              notification: {
                title: 'Größe & Ordnung',
                body: 'Your order is on its way',
                default_sound: true,
                tag: 'order-7',
                click_action: { type: 3 },
                foreground_show: true,
              },
            },
            token: ['device:1'],
          },
        },
        at: clock.now(),
      },
    ]);
    expect(JSON.stringify(arrived[0]?.headers)).not.toContain('Bearer');
  });

  it('goes to all who get the same with one request, of at most 1,000 tokens', async () => {
    const { arrived, channel, account } = await rigOf();
    const page = Array.from({ length: 2_100 }, (_, index) => envelopeOf(`device:${index}`, content));
    const outcomes = await channel.deliver(account, page);
    expect(new Set(outcomes.map(({ state }) => state))).toEqual(new Set(['sent']));
    expect(new Set(arrived.map(({ providerId }) => providerId)).size).toBe(3);
    expect(arrived.map(({ token }) => token).toSorted()).toEqual(
      page.map(({ recipient }) => recipient.token).toSorted(),
    );
  });

  it('fails for those alone whose tokens are none, which ends their subscriptions', async () => {
    const { channel, account } = await rigOf();
    const page = ['device:1', 'gone:1', 'device:2', 'two words', 'unknown:1'].map((token) =>
      envelopeOf(token, content),
    );
    const refused = {
      state: 'failed',
      address: { notificationTypes: -10 },
      reason: expect.stringMatching(/^80100000 \(the token is none of this app/),
    };
    expect(await channel.deliver(account, page)).toEqual([
      { state: 'sent', ref: expect.any(String) },
      refused,
      { state: 'sent', ref: expect.any(String) },
      {
        state: 'failed',
        address: { notificationTypes: -10 },
        reason: expect.stringMatching(/^the token of/),
      },
      refused,
    ]);
  });

  it('ends no subscription while the account has sent nothing: it may be that of another app', async () => {
    const { deliver } = await rigOf();
    expect(await deliver('gone:1')).toEqual({
      state: 'failed',
      reason: expect.stringMatching(/^80300007 .*the subscription stays/),
    });
    expect(await deliver('device:1')).toMatchObject({ state: 'sent' });
    expect(await deliver('gone:1')).toMatchObject({ state: 'failed', address: { notificationTypes: -10 } });
  });

  it.each([
    ['large:1', { state: 'failed', reason: expect.stringMatching(/^80300008 /) }],
    ['busy:1', { state: 'retry', afterMs: 30_000, reason: expect.stringMatching(/^80600003 /) }],
    ['defer:1', { state: 'retry', afterMs: null, reason: expect.stringMatching(/^81000001 /) }],
  ])('to %j ends so', async (token, outcome) => {
    const { deliver } = await rigOf();
    expect(await deliver(token)).toEqual(outcome);
  });

  it('goes through version 2 of the API where the account names a project', async () => {
    const { arrived, channel, account } = await rigOf();
    const project = { key: 'v2', settings: { ...account.settings, projectId: '42' } };
    expect(await channel.deliver(project, [envelopeOf('device:1')])).toMatchObject([{ state: 'sent' }]);
    expect(arrived).toMatchObject([{ sender: '42' }]);
  });

  itReachesNobodyInside(service, rigs, 'the access token of Huawei');
});

describe('the access token of Huawei', () => {
  itReplacesAccessTokens(rigs);

  itKeepsAccessTokensToTheSecret(rigs, /^400 1101 \(Huawei gives no access token/);
});
