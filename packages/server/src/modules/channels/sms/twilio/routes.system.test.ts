import { createHash } from 'node:crypto';
import { until } from '@carillon/test-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock.ts';
import { createHttpServer } from '../../../../platform/http/server.ts';
import type { HttpServer } from '../../../../platform/http/server.ts';
import { newId } from '../../../../platform/ids.ts';
import { createLog } from '../../../../platform/log.ts';
import type { DeliveryEvent } from '../../delivery-event.ts';
import { startTwilioReceiver } from '../../sandbox/twilio/twilio-receiver.ts';
import type { TwilioReceiver } from '../../sandbox/twilio/twilio-receiver.ts';
import {
  ACCOUNT_SID,
  APP,
  AUTH_TOKEN,
  SENDER,
  smppSettings,
  smsChannel,
  smsTo,
  statusLinks,
  twilioSettings,
} from '../fixtures/sms-rig.ts';
import type { InboundSms } from '../inbound/inbound-sms.ts';
import type { SmsSettings } from '../sms-account.ts';
import { twilioRoutes } from './routes.ts';
import { signTwilioRequest } from './signature.ts';

let server: HttpServer;
let receiver: TwilioReceiver;
let address = '';
/** As a proxy hands it on, below a path of its own. */
let publicUrl = '';
let settings: SmsSettings;
let failing = false;
const events: DeliveryEvent[] = [];
const texts: InboundSms[] = [];
let reply: string | null = null;
const links = statusLinks(() => publicUrl);
const channel = smsChannel({ statusLinks: links });

beforeAll(async () => {
  const log = createLog({ level: 'silent' });
  server = await createHttpServer({
    routes: [
      twilioRoutes({
        clock: systemClock,
        publicUrl: () => publicUrl,
        statusLinks: links,
        settingsOf: async (appId) => (appId === APP && settings !== null ? [settings] : []),
        recordDeliveryEvents: async (some) => {
          if (failing) throw new Error('not now');
          events.push(...some);
        },
        takeInboundSms: async (sms) => {
          texts.push(sms);
          return reply;
        },
      }),
    ],
    authenticator: { authenticate: async () => ({ kind: 'anonymous' }) },
    log,
    clock: systemClock,
  });
  address = await server.listen({ host: '127.0.0.1', port: 0 });
  receiver = await startTwilioReceiver({
    clock: systemClock,
    host: '127.0.0.1',
    port: 0,
    authTokenOf: (sid) => (sid === ACCOUNT_SID ? AUTH_TOKEN : null),
    reportAfterMs: 0,
    inboundUrl: () => `${address}/apps/${APP}/channels/sms/twilio/inbound`,
    take: async () => undefined,
  });
});
afterAll(async () => {
  await channel.close();
  await receiver.close();
  await server.close();
});
beforeEach(() => {
  publicUrl = address;
  settings = twilioSettings(receiver.baseUrl);
  failing = false;
  events.length = 0;
  texts.length = 0;
  reply = null;
});

const send = (number: string) =>
  channel.deliver({ key: 'a', settings: twilioSettings(receiver.baseUrl) }, [smsTo(number)]);

/** A request as Twilio would make it, or somebody who knows the token. */
async function post(
  path: string,
  form: Readonly<Record<string, string>>,
  { token = AUTH_TOKEN, signedUrl = address + path } = {},
) {
  const body = new URLSearchParams(form);
  const signature = signTwilioRequest(token, signedUrl, body);
  return fetch(address + path, { method: 'POST', headers: { 'x-twilio-signature': signature }, body });
}

const pathOf = (number: string) => {
  const { messageId, lane, recipient } = smsTo(number);
  const reference = { messageId, lane, subscriptionId: recipient.subscriptionId };
  return new URL(links.url('twilio', { appId: APP, reference })).pathname;
};

describe('what Twilio reports of a message', () => {
  it('is an event of its delivery', async () => {
    await send('+4915112345');
    await send('+15005554001');
    await until('both are told', () => events.length === 2);
    const { subscriptionId } = smsTo('+4915112345').recipient;
    const failed = smsTo('+15005554001').recipient.subscriptionId;
    expect(events.toSorted((a, b) => (a.kind < b.kind ? 1 : -1))).toMatchObject([
      { kind: 'delivered', subscriptionId, messageId: smsTo('').messageId, lane: 7 },
      {
        kind: 'bounced',
        subscriptionId: failed,
        reason: 'Twilio 30003: the telephone is switched off or out of reach',
      },
    ]);
  });

  it('is the same event when it is told again, or of a message that went twice', async () => {
    const path = pathOf('+4915112345');
    for (const sid of ['SM1', 'SM1', 'SM2']) {
      expect((await post(path, { MessageSid: sid, MessageStatus: 'delivered' })).status).toBe(204);
    }
    expect(new Set(events.map(({ id }) => id)).size).toBe(1);
  });

  it('is no news before the end', async () => {
    for (const status of ['accepted', 'queued', 'sending', 'sent', 'something new']) {
      expect((await post(pathOf('+4915112345'), { MessageStatus: status })).status).toBe(204);
    }
    expect(events).toEqual([]);
  });

  it('is "opened", too, when RCS was read, and the texts back name the plain number', async () => {
    const agent = 'rcs:tea_shop_ab12cd34_agent';
    const account = { key: 'rcs', settings: twilioSettings(receiver.baseUrl, { from: agent }) };
    await channel.deliver(account, [smsTo('+4915112345')]);
    await until('it was read', () => events.length === 2);
    expect(events.map(({ kind }) => kind)).toEqual(['delivered', 'opened']);
    await receiver.text(ACCOUNT_SID, '+4915112345', agent, 'STOP');
    expect(texts).toMatchObject([{ from: '+4915112345', to: agent }]);
  });

  it('is told again when it could not be recorded', async () => {
    failing = true;
    expect((await post(pathOf('+4915112345'), { MessageStatus: 'delivered' })).status).toBe(500);
  });

  it('can be JSON, whose sum is in the address', async () => {
    const body = JSON.stringify({ MessageSid: 'SM1', MessageStatus: 'read' });
    const sum = createHash('sha256').update(body).digest('hex');
    const url = `${address}${pathOf('+4915112345')}?bodySHA256=${sum}`;
    const headers = {
      'content-type': 'application/json',
      'x-twilio-signature': signTwilioRequest(AUTH_TOKEN, url, new URLSearchParams()),
    };
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(204);
    expect(events).toMatchObject([{ kind: 'opened' }]);
    const forged = body.replace('read', 'failed');
    expect((await fetch(url, { method: 'POST', headers, body: forged })).status).toBe(403);
  });

  it('is signed over the public address, below whatever path a proxy has', async () => {
    publicUrl = 'https://push.shop.example/carillon/';
    const path = pathOf('+4915112345').replace('/carillon', '');
    const signedUrl = `https://push.shop.example/carillon${path}`;
    expect((await post(path, { MessageStatus: 'delivered' }, { signedUrl })).status).toBe(204);
    expect((await post(path, { MessageStatus: 'delivered' })).status).toBe(403);
  });

  it('is refused when somebody else has signed it, or nobody', async () => {
    const path = pathOf('+4915112345');
    const forged = await post(path, { MessageStatus: 'delivered' }, { token: 'another' });
    expect(forged.status).toBe(403);
    expect(await forged.json()).toMatchObject({ errors: [{ code: 'twilio-signature' }] });
    expect((await fetch(address + path, { method: 'POST' })).status).toBe(403);
    expect(events).toEqual([]);
  });

  it('is refused for what is no delivery of ours, and where Twilio is not set up', async () => {
    expect((await post('/channels/sms/twilio/events/abc', { MessageStatus: 'sent' })).status).toBe(404);
    settings = smppSettings(1);
    expect((await post(pathOf('+4915112345'), { MessageStatus: 'sent' })).status).toBe(404);
  });
});

describe('what a person texts', () => {
  it('is taken in, and answered in the words of the app', async () => {
    reply = 'You get no more messages from Tea & Kettle.';
    const answer = await receiver.text(ACCOUNT_SID, '+4915112345', SENDER, ' stop! ');
    const id = expect.stringMatching(/^SM/);
    expect(texts).toMatchObject([
      { appId: APP, text: ' stop! ', from: '+4915112345', to: SENDER, id, handled: null },
    ]);
    expect(answer).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Response><Message>You get no more messages from Tea &amp; Kettle.</Message></Response>',
    );
  });

  it('says what Twilio has taken it for, and is not answered where nothing is to be said', async () => {
    const path = `/apps/${APP}/channels/sms/twilio/inbound`;
    const base = { MessageSid: 'SM1', From: '+4915112345', To: SENDER };
    const handled = await post(path, { ...base, Body: 'Stop it now', OptOutType: 'STOP' });
    expect(await handled.text()).toMatch(/<Response><\/Response>$/);
    expect(handled.headers.get('content-type')).toContain('text/xml');
    expect(texts).toMatchObject([{ handled: 'stop' }]);
  });

  it('comes with the addresses of its pictures', async () => {
    const path = `/apps/${APP}/channels/sms/twilio/inbound`;
    const [first, second] = ['https://api.twilio.com/media/1', 'https://api.twilio.com/media/2'];
    const media = { NumMedia: '2', MediaUrl0: first, MediaUrl1: second };
    await post(path, { MessageSid: 'MM1', From: '+4915112345', To: SENDER, Body: '', ...media });
    expect(texts).toMatchObject([{ text: '', mediaUrls: [first, second], part: null }]);
  });

  it('is refused without Twilio’s signature, and for an app that has no Twilio', async () => {
    const path = `/apps/${APP}/channels/sms/twilio/inbound`;
    expect((await post(path, { From: '+1', Body: 'STOP' }, { token: 'another' })).status).toBe(403);
    const other = `/apps/${newId()}/channels/sms/twilio/inbound`;
    expect((await post(other, { From: '+1', Body: 'STOP' })).status).toBe(404);
    expect(texts).toEqual([]);
  });

  it('comes by itself from the sandbox’s numbers that answer STOP', async () => {
    await send('+15005559001');
    await until('the answer has come', () => texts.length === 1);
    expect(texts).toMatchObject([{ text: 'STOP', from: '+15005559001', to: SENDER }]);
  });
});
