import { until } from '@carillon/test-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock.ts';
import { createHttpServer } from '../../../../platform/http/server.ts';
import type { HttpServer } from '../../../../platform/http/server.ts';
import { createLog } from '../../../../platform/log.ts';
import type { ProviderAccount } from '../../channel.ts';
import type { DeliveryEvent } from '../../delivery-event.ts';
import type { ArrivedSms } from '../../sandbox/numbers/arrived-sms.ts';
import { startVonageReceiver } from '../../sandbox/vonage/vonage-receiver.ts';
import type { VonageReceiver } from '../../sandbox/vonage/vonage-receiver.ts';
import {
  APP,
  APPLICATION,
  APPLICATION_PUBLIC_KEY,
  SENDER,
  SIGNATURE_SECRET,
  smppSettings,
  smsChannel,
  smsTo,
  statusLinks,
  vonageSettings,
} from '../fixtures/sms-rig.ts';
import type { InboundSms } from '../inbound/inbound-sms.ts';
import type { SmsSettings } from '../sms-account.ts';
import { vonageRoutes } from './routes.ts';
import { signVonageWebhook } from './signature.ts';

const PHONE = '+4915112345678';

let server: HttpServer;
let receiver: VonageReceiver;
let address = '';
let settings: SmsSettings;
/** What the app sends through besides. */
const others: ProviderAccount<SmsSettings>[] = [];
let failing = false;
let reply: string | null = null;
const events: DeliveryEvent[] = [];
const texts: InboundSms[] = [];
const arrived: ArrivedSms[] = [];
const links = statusLinks(() => address);
const channel = smsChannel({ statusLinks: links });
const account = () => ({ key: 'a', settings: vonageSettings(receiver.baseUrl) });

beforeAll(async () => {
  server = await createHttpServer({
    routes: [
      vonageRoutes({
        clock: systemClock,
        statusLinks: links,
        accountsOf: async (appId) => (appId === APP ? [...others, { key: 'a', settings }] : []),
        recordDeliveryEvents: async (some) => {
          if (failing) throw new Error('not now');
          events.push(...some);
        },
        takeInboundSms: async (sms) => {
          texts.push(sms);
          return reply;
        },
        reply: (through, sms, text) => channel.reply(through, sms, text),
      }),
    ],
    authenticator: { authenticate: async () => ({ kind: 'anonymous' }) },
    log: createLog({ level: 'silent' }),
    clock: systemClock,
  });
  address = await server.listen({ host: '127.0.0.1', port: 0 });
  receiver = await startVonageReceiver({
    clock: systemClock,
    host: '127.0.0.1',
    port: 0,
    publicKeyOf: () => APPLICATION_PUBLIC_KEY,
    signatureSecret: SIGNATURE_SECRET,
    reportAfterMs: 0,
    inboundUrl: () => `${address}/apps/${APP}/channels/sms/vonage/inbound`,
    take: async (sms) => void arrived.push(sms),
  });
});
afterAll(async () => {
  await channel.close();
  await receiver.close();
  await server.close();
});
beforeEach(() => {
  settings = vonageSettings(receiver.baseUrl);
  failing = false;
  reply = null;
  others.length = 0;
  events.length = 0;
  texts.length = 0;
  arrived.length = 0;
});

async function post(path: string, said: object, secret = SIGNATURE_SECRET): Promise<Response> {
  const body = JSON.stringify(said);
  const authorization = signVonageWebhook(secret, body, { application_id: APPLICATION });
  const headers = { authorization, 'content-type': 'application/json' };
  return fetch(address + path, { method: 'POST', headers, body });
}

const pathOf = (number: string) => {
  const { messageId, lane, recipient } = smsTo(number);
  const reference = { messageId, lane, subscriptionId: recipient.subscriptionId };
  return new URL(links.url('vonage', { appId: APP, reference })).pathname;
};
const inbound = `/apps/${APP}/channels/sms/vonage/inbound`;

describe('what Vonage reports of a message', () => {
  it('is an event of its delivery', async () => {
    await channel.deliver(account(), [smsTo(PHONE), smsTo('+15005554001')]);
    await until('both are told', () => events.length === 2);
    expect(events.toSorted((a, b) => (a.kind < b.kind ? 1 : -1))).toMatchObject([
      { kind: 'delivered', subscriptionId: smsTo(PHONE).recipient.subscriptionId, lane: 7 },
      {
        kind: 'bounced',
        subscriptionId: smsTo('+15005554001').recipient.subscriptionId,
        reason: expect.stringMatching(/^Vonage 1180: /),
      },
    ]);
  });

  it('is the same event when it is told again, and no news before the end', async () => {
    for (const status of ['submitted', 'delivered', 'delivered', 'something new']) {
      expect((await post(pathOf(PHONE), { message_uuid: 'u', status })).status).toBe(204);
    }
    expect(events).toHaveLength(2);
    expect(new Set(events.map(({ id }) => id)).size).toBe(1);
  });

  it('gives the reason with the number of its error, or says that there is none', async () => {
    await post(pathOf(PHONE), { status: 'rejected', error: { title: 1210, detail: 'Anti-Spam Rejection' } });
    await post(pathOf('+4915100000'), { status: 'rejected' });
    expect(events.map(({ reason }) => reason)).toEqual([
      'Vonage 1210: Anti-Spam Rejection',
      'Vonage did not say why',
    ]);
  });

  it('is told again when it could not be recorded', async () => {
    failing = true;
    expect((await post(pathOf(PHONE), { status: 'delivered' })).status).toBe(500);
  });

  it('is refused when somebody else has signed it, for what is no delivery, and where Vonage is not set up', async () => {
    const forged = await post(pathOf(PHONE), { status: 'delivered' }, 'another');
    expect(forged.status).toBe(401);
    expect(JSON.stringify(await forged.json())).toContain('signature secret');
    expect((await fetch(address + pathOf(PHONE), { method: 'POST' })).status).toBe(401);
    expect((await post('/channels/sms/vonage/events/abc', { status: 'delivered' })).status).toBe(404);
    settings = smppSettings(1);
    expect((await post(pathOf(PHONE), { status: 'delivered' })).status).toBe(404);
    expect(events).toEqual([]);
  });
});

describe('what a person texts over Vonage', () => {
  it('is taken in, and answered by a message of its own from the number that was texted', async () => {
    reply = 'You get no more messages from Tea & Kettle.';
    expect(await receiver.text(APPLICATION, PHONE, SENDER, 'stop')).toBe(true);
    expect(texts).toMatchObject([{ appId: APP, text: 'stop', from: PHONE, to: SENDER, hasOwnId: true }]);
    expect(arrived).toMatchObject([{ from: SENDER, to: PHONE, text: reply, deliveryKey: null }]);
  });

  it('is answered through the application that it came to, where there are several', async () => {
    reply = 'Hello';
    const nowhere = vonageSettings('http://127.0.0.1:1', { signatureSecret: 'of another account' });
    others.push({ key: 'b', settings: nowhere }, { key: 'c', settings: smppSettings(1) });
    await receiver.text(APPLICATION, PHONE, SENDER, 'help');
    expect(arrived).toMatchObject([{ to: PHONE, text: 'Hello' }]);
  });

  it('can come to a short code or to an RCS agent, which answers over RCS', async () => {
    reply = 'Hello';
    const common = { from: '4915112345678', message_type: 'text', text: 'help' };
    await post(inbound, { ...common, message_uuid: 'u1', to: '55501', channel: 'sms' });
    await post(inbound, { ...common, message_uuid: 'u2', to: 'TeaShop', channel: 'rcs' });
    expect(texts.map(({ to }) => to)).toEqual(['55501', 'rcs:TeaShop']);
    expect(arrived.map(({ from }) => from)).toEqual(['55501', 'rcs:TeaShop']);
  });

  it('can be a picture with words', async () => {
    const image = { url: 'https://api.nexmo.com/v3/media/1', caption: 'My teapot' };
    const said = { from: '4915112345678', to: '15550100000', channel: 'mms', message_type: 'image', image };
    await post(inbound, { ...said, message_uuid: 'u9' });
    expect(texts).toMatchObject([{ text: 'My teapot', mediaUrls: [image.url] }]);
  });

  it('is not answered where nothing is to be said, and refused unless it is signed and JSON', async () => {
    await post(inbound, {
      message_uuid: 'u3',
      from: '4915112345678',
      to: '55501',
      channel: 'sms',
      text: 'Hi',
    });
    expect(texts).toHaveLength(1);
    expect(arrived).toEqual([]);
    expect((await post(inbound, { message_uuid: 'u4', from: '1' }, 'another')).status).toBe(401);
    const authorization = signVonageWebhook(SIGNATURE_SECRET, 'no JSON', {});
    const broken = await fetch(address + inbound, {
      method: 'POST',
      headers: { authorization },
      body: 'no JSON',
    });
    expect(broken.status).toBe(400);
    expect(texts).toHaveLength(1);
  });
});
