import { until } from '@carillon/test-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSmppReceiver, startTwilioReceiver } from '../modules/channels/index.ts';
import type { ArrivedSms, SmppReceiver, TwilioReceiver } from '../modules/channels/index.ts';
import { systemClock } from '../platform/clock.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

// oxlint-disable-next-line typescript/no-explicit-any
type Body = any;

const ACCOUNT_SID = `AC${'0'.repeat(32)}`;
const SHOP = '+15550100000';
const OTHER = '+15550100001';
const HOST = { clock: systemClock, host: '127.0.0.1', port: 0, reportAfterMs: 20 };

let server: MailingServer;
let twilio: TwilioReceiver;
let smsc: SmppReceiver;
const texted: ArrivedSms[] = [];
let number = 0;
const take = async (sms: ArrivedSms) => void texted.push(sms);

beforeAll(async () => {
  server = await MailingServer.start({ CARILLON_OUTBOUND_ALLOWED: '127.0.0.0/8' });
  twilio = await startTwilioReceiver({
    ...HOST,
    take,
    authTokenOf: (sid) => (sid === ACCOUNT_SID ? 'token' : null),
    inboundUrl: () => `${server.carillon.url}${server.of('channels/sms/twilio/inbound')}`,
  });
  smsc = await startSmppReceiver({ ...HOST, take, passwordOf: () => 'secret' });
});
afterAll(async () => {
  await server.stop();
  await twilio.close();
  await smsc.close();
});
beforeEach(async () => {
  number += 1;
  texted.length = 0;
  await server.call('DELETE', server.of('channels/sms/providers/second'));
});

const optOuts = (more = '') => server.of(`channels/sms/opt-outs${more}`);
const setKeywords = (settings: object) => server.done('PUT', server.of('channels/sms/keywords'), settings);
const ofSender = { opt_out_scope: 'sender' };

const overTwilio = (from: string) => ({
  kind: 'twilio',
  account_sid: ACCOUNT_SID,
  auth_token: 'token',
  from,
  base_url: twilio.baseUrl,
});
const over = [
  [
    'Twilio',
    () => server.done('PUT', server.of('channels/sms'), overTwilio(SHOP)),
    (from: string, text: string, to = SHOP) => twilio.text(ACCOUNT_SID, from, to, text),
  ],
  [
    'an SMSC',
    () =>
      server.done('PUT', server.of('channels/sms'), {
        kind: 'smpp',
        host: '127.0.0.1',
        port: smsc.port,
        system_id: 'carillon',
        password: 'secret',
        from: SHOP,
      }),
    (from: string, text: string, to = SHOP) => smsc.text('carillon', from, to, text),
  ],
] as const;

/** Makes a person with a number of their own. */
async function person(): Promise<string> {
  const phone = `+4915177${String(number).padStart(6, '0')}`;
  const subscriptions = [{ type: 'SMS', token: phone }];
  await server.done('POST', server.of('users'), { identity: { external_id: phone }, subscriptions });
  return phone;
}
const subscriptionOf = async (phone: string) =>
  (await server.done('GET', server.of(`users/by/external_id/${encodeURIComponent(phone)}`))).subscriptions[0];

/** Sends a text, and tells how its delivery ended. */
async function send(phone: string, more: object = {}): Promise<Body> {
  const { body } = await server.send({
    target_channel: 'sms',
    include_aliases: { external_id: [phone] },
    contents: { en: 'Packed' },
    email_subject: undefined,
    email_body: undefined,
    ...more,
  });
  const view = await server.ended(body.id);
  const { deliveries } = await server.done('GET', server.of(`messages/${body.id}/deliveries`));
  return { view, delivery: deliveries[0] };
}
const sentFrom = (phone: string) =>
  texted.filter(({ to, text }) => to === phone && text === 'Packed').map(({ from }) => from);
const texts = async (say: (text: string) => Promise<unknown>, text: string) => {
  await until('the text is taken', async () => {
    const answer = await say(text);
    return answer !== null && (answer !== 8 || undefined);
  });
};

describe.each(over)('STOP to one number, over %s', (_, use, say) => {
  it('ends the texts from it alone, and START brings them back', async () => {
    await setKeywords(ofSender);
    await use();
    const phone = await person();
    await send(phone);
    const { cursor } = await server.done('GET', server.of('feed?cursor=end'));
    await texts((text) => say(phone, text), 'STOP');
    await until('the order is told', async () =>
      texted.some(({ to, text }) => to === phone && text.includes('no more messages from this number')),
    );
    expect(await subscriptionOf(phone)).toMatchObject({ enabled: true, notification_types: 1 });
    expect(await server.done('GET', optOuts(`?number=${phone.slice(1)}`))).toEqual({
      opt_outs: [
        { number: phone.slice(1), sender: SHOP.slice(1), source: 'keyword', created_at: expect.any(String) },
      ],
    });
    const { events } = await server.done('GET', server.of(`feed?cursor=${cursor}`));
    expect(events.find(({ kind }: Body) => kind === 'message.sms.inbound')).toMatchObject({
      inbound: { keyword: 'stop', scope: 'sender' },
    });

    expect(await send(phone)).toMatchObject({
      view: { successful: 0 },
      delivery: { state: 'suppressed', reason: 'opted out of texts from this sender (STOP)' },
    });
    expect(await send(phone, { sms_from: OTHER })).toMatchObject({ view: { successful: 1 } });
    expect(sentFrom(phone).at(-1)?.replace('+', '')).toBe(OTHER.slice(1));

    await texts((text) => say(phone, text), 'START');
    await until('it is taken back', async () => {
      const { opt_outs } = await server.done('GET', optOuts(`?number=${phone.slice(1)}`));
      return opt_outs.length === 0;
    });
    expect(await send(phone)).toMatchObject({ view: { successful: 1 } });
  });
});

describe('what STOP to a number is about', () => {
  it('is said for the app and for a number of it', async () => {
    const set = await setKeywords({ senders: [{ sender: OTHER, ...ofSender }] });
    expect(set).toMatchObject({
      opt_out_scope: 'app',
      use_other_senders: false,
      senders: [{ sender: OTHER, ...ofSender }],
    });
    await over[0][1]();
    const phone = await person();
    await twilio.text(ACCOUNT_SID, phone, OTHER, 'STOP');
    expect(await subscriptionOf(phone)).toMatchObject({ enabled: true });
    await twilio.text(ACCOUNT_SID, phone, SHOP, 'STOP');
    expect(await subscriptionOf(phone)).toMatchObject({ enabled: false });
    // For the whole app: the opt-out from one number goes with it.
    await twilio.text(ACCOUNT_SID, phone, SHOP, 'START');
    expect(await subscriptionOf(phone)).toMatchObject({ enabled: true });
    expect((await server.done('GET', optOuts(`?number=${phone.slice(1)}`))).opt_outs).toEqual([]);
  });

  it('leaves another number to write, where the app lets it', async () => {
    await setKeywords(ofSender);
    await over[0][1]();
    await server.done('PUT', server.of('channels/sms/providers/second'), { ...overTwilio(OTHER), order: 2 });
    const phone = await person();
    await twilio.text(ACCOUNT_SID, phone, SHOP, 'STOP');
    expect((await send(phone)).delivery).toMatchObject({
      state: 'suppressed',
      reason: expect.stringContaining('use_other_senders is off'),
    });
    await setKeywords({ ...ofSender, use_other_senders: true });
    expect(await send(phone)).toMatchObject({ view: { successful: 1 } });
    expect(sentFrom(phone)).toEqual([OTHER]);
    await twilio.text(ACCOUNT_SID, phone, OTHER, 'STOP');
    expect((await send(phone)).delivery).toMatchObject({ state: 'suppressed' });
  });

  it.each([[{ opt_out_scope: 'number' }], [{ use_other_senders: 'yes' }]])('is not %j', async (settings) => {
    const answer = await server.call('PUT', server.of('channels/sms/keywords'), settings);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(Object.keys(settings)[0]);
  });
});

describe('the list of opt-outs', () => {
  const pairs = Array.from({ length: 5 }, (_, n) => ({ number: `+4916000000${n}`, sender: SHOP }));

  it('is added to once, read page by page, and taken from', async () => {
    expect(await server.done('POST', optOuts(), { opt_outs: pairs })).toEqual({ added: 5 });
    expect(await server.done('POST', optOuts(), { opt_outs: pairs })).toEqual({ added: 0 });
    const told: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page = await server.done('GET', optOuts(`?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`));
      told.push(...page.opt_outs.map((one: Body) => `${one.number} ${one.sender}`));
      cursor = page.next_cursor;
    }
    expect(told).toEqual([...new Set(told)].toSorted());
    expect(told).toEqual(
      expect.arrayContaining(pairs.map((one) => `${one.number.slice(1)} ${one.sender.slice(1)}`)),
    );
    for (const one of pairs) {
      const path = optOuts(`/${one.number}/${one.sender}`);
      expect(await server.done('DELETE', path)).toEqual({ success: true });
      expect((await server.call('DELETE', path)).status).toBe(404);
    }
  });

  it.each([
    ['a name', { opt_outs: [{ number: '+4916000000', sender: 'Shop' }] }, 'sender'],
    ['no number', { opt_outs: [{ number: 'anna', sender: SHOP }] }, 'number'],
    ['nobody', { opt_outs: [] }, 'opt_outs'],
  ])('takes nothing with %s', async (_, body, word) => {
    const answer = await server.call('POST', optOuts(), body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(word);
  });

  it('refuses a cursor that it has not given out', async () => {
    expect((await server.call('GET', optOuts('?cursor=x'))).status).toBe(400);
  });
});
