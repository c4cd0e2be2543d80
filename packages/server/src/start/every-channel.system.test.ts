import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '@carillon/test-kit';
import { startPushService } from '../modules/channels/index.ts';
import type { ArrivedPush, DevicePush, PushService } from '../modules/channels/index.ts';
import { startAdmReceiver, startApnsReceiver, startHuaweiReceiver } from '../modules/channels/index.ts';
import { startFcmReceiver, startSmppReceiver, startTwilioReceiver } from '../modules/channels/index.ts';
import { startSnsReceiver, startVonageReceiver } from '../modules/channels/index.ts';
import type { SnsReceiver, VonageReceiver } from '../modules/channels/index.ts';
import type { ArrivedSms, SmppReceiver, TwilioReceiver } from '../modules/channels/index.ts';
import { TokenSigner, newMasterKey, parseMasterKeys } from '../platform/crypto/index.ts';
import { systemClock } from '../platform/clock.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

// oxlint-disable-next-line typescript/no-explicit-any
type Body = any;

const HOST = { clock: systemClock, host: '127.0.0.1', port: 0 };
const ACCOUNT_SID = `AC${'0'.repeat(32)}`;
const APNS_TOKEN = 'ab'.repeat(32);
const REPORT_MS = 20;
const APPLICATION = '11111111-2222-4333-8444-555555555555';
const APPLICATION_KEYS = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const ACCESS_KEY = 'AKIA0000000000000000';

/** Every provider as a local server that speaks its protocol, and the whole program that sends through them. */
let server: MailingServer;
let pushService: PushService;
let twilio: TwilioReceiver;
let smsc: SmppReceiver;
let vonage: VonageReceiver;
let sns: SnsReceiver;
const closing: (() => Promise<void>)[] = [];
const pushed: DevicePush[] = [];
const browsed: ArrivedPush[] = [];
const texted: ArrivedSms[] = [];
let number = 0;

const takePush = async (push: DevicePush) => void pushed.push(push);
const takeText = async (sms: ArrivedSms) => void texted.push(sms);

beforeAll(async () => {
  server = await MailingServer.start({ CARILLON_OUTBOUND_ALLOWED: '127.0.0.0/8' });
  const apns = await startApnsReceiver({ ...HOST, take: takePush });
  const fcm = await startFcmReceiver({ ...HOST, take: takePush });
  const huawei = await startHuaweiReceiver({ ...HOST, take: takePush });
  const adm = await startAdmReceiver({ ...HOST, take: takePush });
  const signer = new TokenSigner(parseMasterKeys(newMasterKey()));
  pushService = await startPushService({ ...HOST, signer, take: async (push) => void browsed.push(push) });
  twilio = await startTwilioReceiver({
    ...HOST,
    authTokenOf: (sid) => (sid === ACCOUNT_SID ? 'token' : null),
    take: takeText,
    reportAfterMs: REPORT_MS,
    inboundUrl: () => `${server.carillon.url}${server.of('channels/sms/twilio/inbound')}`,
  });
  smsc = await startSmppReceiver({
    ...HOST,
    passwordOf: (systemId) => (systemId === 'carillon' ? 'secret' : null),
    take: takeText,
    reportAfterMs: REPORT_MS,
  });
  vonage = await startVonageReceiver({
    ...HOST,
    publicKeyOf: () => APPLICATION_KEYS.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    signatureSecret: 'secret',
    take: takeText,
    reportAfterMs: REPORT_MS,
    inboundUrl: () => `${server.carillon.url}${server.of('channels/sms/vonage/inbound')}`,
  });
  sns = await startSnsReceiver({ ...HOST, secretOf: () => 'secret', take: takeText });
  closing.push(
    () => vonage.close(),
    () => sns.close(),
    () => apns.close(),
    () => fcm.close(),
    () => huawei.close(),
    () => adm.close(),
    () => pushService.close(),
    () => twilio.close(),
    () => smsc.close(),
  );
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  await server.done('PUT', server.of('channels/ios_push'), {
    kind: 'apns',
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    key_id: 'ABCDEFGHIJ',
    team_id: 'KLMNOPQRST',
    bundle_id: 'example.shop',
    base_url: `http://127.0.0.1:${apns.port}`,
  });
  const account = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
  await server.done('PUT', server.of('channels/android_push'), {
    kind: 'fcm',
    service_account: {
      type: 'service_account',
      project_id: 'shop',
      client_email: 'carillon@shop.example',
      private_key: account.export({ type: 'pkcs8', format: 'pem' }).toString(),
      token_uri: `http://127.0.0.1:${fcm.port}/token`,
    },
    base_url: `http://127.0.0.1:${fcm.port}`,
  });
  await server.done('PUT', server.of('channels/huawei_push'), {
    kind: 'huawei',
    app_id: '100000007',
    client_secret: 'secret',
    base_url: `http://127.0.0.1:${huawei.port}`,
  });
  await server.done('PUT', server.of('channels/amazon_push'), {
    kind: 'adm',
    client_id: 'amzn1.client',
    client_secret: 'secret',
    base_url: `http://127.0.0.1:${adm.port}`,
  });
});
afterAll(async () => {
  await server.stop();
  for (const close of closing) await close();
});
beforeEach(() => {
  number += 1;
  pushed.length = 0;
  browsed.length = 0;
  texted.length = 0;
});

async function useTwilio(): Promise<void> {
  await server.done('PUT', server.of('channels/sms'), {
    kind: 'twilio',
    account_sid: ACCOUNT_SID,
    auth_token: 'token',
    from: '+15550100000',
    base_url: twilio.baseUrl,
  });
}

async function useVonage(): Promise<void> {
  await server.done('PUT', server.of('channels/sms'), {
    kind: 'vonage',
    application_id: APPLICATION,
    private_key: APPLICATION_KEYS.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    signature_secret: 'secret',
    from: '+15550100000',
    base_url: vonage.baseUrl,
  });
}

async function useSmpp(): Promise<void> {
  await server.done('PUT', server.of('channels/sms'), {
    kind: 'smpp',
    host: '127.0.0.1',
    port: smsc.port,
    system_id: 'carillon',
    password: 'secret',
    from: '+15550100000',
  });
}

async function send(message: object): Promise<Body> {
  const { id } = await server.done('POST', '/notifications', { app_id: server.carillon.appId, ...message });
  return server.ended(id);
}

const amazonUser = (name: string, token: string): Promise<Body> =>
  server.done('POST', server.of('users'), {
    identity: { external_id: name },
    subscriptions: [{ type: 'FireOSPush', token }],
  });

const subscriptionOf = async (name: string): Promise<Body> =>
  (await server.done('GET', server.of(`users/by/external_id/${name}`))).subscriptions[0];

/** The view once a provider's report has been counted. */
const reported = (id: string, stats: (view: Body) => boolean) =>
  until('the report is counted', async () => {
    const view = await server.view(id);
    return stats(view) && view;
  });

describe('a push message', () => {
  it('goes to every kind of device of one person, each in the words of its service', async () => {
    const { vapid_public_key: key } = await server.done('PUT', server.of('channels/web_push'), {
      kind: 'vapid',
      subject: 'mailto:ops@shop.example',
    });
    const browser = pushService.subscribe(key);
    await server.done('POST', server.of('users'), {
      identity: { external_id: `user-${number}` },
      properties: { tags: { first_name: 'Ann' } },
      subscriptions: [
        { type: 'iOSPush', token: APNS_TOKEN },
        { type: 'AndroidPush', token: 'android:token' },
        { type: 'HuaweiPush', token: 'huawei:token' },
        { type: 'FireOSPush', token: 'amazon:token' },
        {
          type: 'FirefoxPush',
          token: browser.endpoint,
          web_auth: browser.keys.auth,
          web_p256: browser.keys.p256dh,
        },
      ],
    });
    const view = await send({
      target_channel: 'push',
      include_aliases: { external_id: [`user-${number}`] },
      headings: { en: 'Hello {{ user.tags.first_name }}' },
      contents: { en: 'Packed' },
      data: { order: 7 },
    });
    expect(view).toMatchObject({ successful: 5, errored: 0 });
    const ios = pushed.find(({ transport }) => transport === 'ios_push');
    expect(ios).toMatchObject({
      token: APNS_TOKEN,
      messageId: view.id,
      payload: {
        aps: { alert: { title: 'Hello Ann', body: 'Packed' } },
        custom: { i: view.id, a: { order: 7 } },
      },
    });
    const android = pushed.find(({ transport }) => transport === 'android_push');
    expect(android).toMatchObject({ token: 'android:token', messageId: view.id });
    expect(JSON.stringify(android?.payload)).toContain('Hello Ann');
    const huawei = pushed.find(({ transport }) => transport === 'huawei_push');
    expect(huawei).toMatchObject({ token: 'huawei:token', messageId: view.id });
    expect(huawei?.payload).toMatchObject({
      message: { android: { notification: { title: 'Hello Ann', body: 'Packed' } } },
    });
    const amazon = pushed.find(({ transport }) => transport === 'amazon_push');
    expect(amazon).toMatchObject({ token: 'amazon:token', messageId: view.id });
    expect(amazon?.payload).toMatchObject({ data: { title: 'Hello Ann', alert: 'Packed' } });
    expect(JSON.parse(browsed[0]?.payload ?? '')).toMatchObject({
      title: 'Hello Ann',
      alert: 'Packed',
      custom: { i: view.id, a: { order: 7 } },
    });
    expect(view.platform_delivery_stats).toMatchObject({
      ios: { successful: 1 },
      android: { successful: 1 },
      huawei: { successful: 1 },
      amazon: { successful: 1 },
      firefox_web_push: { successful: 1 },
    });
  });

  it('goes to the registration id that Amazon has answered with, from the next one on', async () => {
    await amazonUser('moved-1', 'moved:1');
    await amazonUser('moved-2', 'moved:2');
    await amazonUser('device-2', 'device:2');
    const message = {
      target_channel: 'push',
      include_aliases: { external_id: ['moved-1', 'moved-2'] },
      contents: { en: 'Packed' },
    };
    expect(await send(message)).toMatchObject({ successful: 2 });
    expect(await subscriptionOf('moved-1')).toMatchObject({ token: 'device:1', enabled: true });
    // Another subscription is that device already: it must not get everything twice.
    expect(await subscriptionOf('moved-2')).toMatchObject({ token: 'moved:2', notification_types: -10 });
    pushed.length = 0;
    expect(await send(message)).toMatchObject({ successful: 1 });
    expect(pushed).toMatchObject([{ token: 'device:1' }]);
  });

  it('keeps the key pair of browsers when only its contact changes', async () => {
    const url = server.of('channels/web_push');
    const first = await server.done('PUT', url, { kind: 'vapid', subject: 'mailto:ops@shop.example' });
    const second = await server.done('PUT', url, { kind: 'vapid', subject: 'mailto:it@shop.example' });
    expect(second.vapid_public_key).toBe(first.vapid_public_key);
    expect(JSON.stringify(second)).not.toContain('private');
  });
});

describe('a text message', () => {
  it.each([
    ['Twilio', useTwilio],
    ['Vonage', useVonage],
    ['an SMSC', useSmpp],
  ])('goes over %s, and what became of it is counted', async (_, use) => {
    await use();
    const phone = `+4915100${String(10_000 + number)}`;
    const view = await send({ include_phone_numbers: [phone], contents: { en: 'Packed: 12 €' } });
    expect(view).toMatchObject({ successful: 1 });
    expect(texted).toMatchObject([{ to: phone, text: 'Packed: 12 €' }]);
    const after = await reported(view.id, ({ received }) => received === 1);
    expect(after.platform_delivery_stats.sms).toMatchObject({ provider_successful: 1, provider_failed: 0 });
  });

  it.each([
    [
      'Twilio',
      useTwilio,
      (from: string, word: string) => twilio.text(ACCOUNT_SID, from, '+15550100000', word),
    ],
    [
      'Vonage',
      useVonage,
      async (from: string, word: string) =>
        (await vonage.text(APPLICATION, from, '+15550100000', word)) ? word : null,
    ],
    ['an SMSC', useSmpp, (from: string, word: string) => smsc.text('carillon', from, '+15550100000', word)],
  ])(
    'is not sent any more to whoever has texted STOP over %s, and again after START',
    async (_, use, text) => {
      await use();
      const phone = `+4915100${String(20_000 + number)}`;
      const message = { include_phone_numbers: [phone], contents: { en: 'Packed' } };
      await send(message);
      await until('the session is bound', async () => (await text(phone, ' stop! ')) !== null);
      const answer = await server.done('POST', '/notifications', {
        app_id: server.carillon.appId,
        ...message,
      });
      expect(answer).toMatchObject({ id: '', errors: ['All included players are not subscribed'] });
      await text(phone, 'Start');
      expect(await send(message)).toMatchObject({ successful: 1 });
    },
  );

  it('goes over Amazon SNS, signed, and tells what SNS has called it', async () => {
    await server.done('PUT', server.of('channels/sms'), {
      kind: 'sns',
      region: 'eu-central-1',
      access_key_id: ACCESS_KEY,
      secret_access_key: 'secret',
      from: 'TeaShop',
      base_url: sns.baseUrl,
    });
    const phone = `+4915100${String(30_000 + number)}`;
    const view = await send({ include_phone_numbers: [phone], contents: { en: 'Packed: 12 €' } });
    expect(view).toMatchObject({ successful: 1, errored: 0 });
    expect(texted).toMatchObject([{ account: ACCESS_KEY, from: 'TeaShop', to: phone, text: 'Packed: 12 €' }]);
  });
});
