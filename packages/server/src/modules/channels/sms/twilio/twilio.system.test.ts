import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock.ts';
import type { ProviderAccount } from '../../channel.ts';
import { describeChannel } from '../../channel-conformance.ts';
import type { ArrivedSms } from '../../sandbox/numbers/arrived-sms.ts';
import { startTwilioReceiver } from '../../sandbox/twilio/twilio-receiver.ts';
import type { TwilioReceiver } from '../../sandbox/twilio/twilio-receiver.ts';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  freePort,
  numberOf,
  smsChannel,
  smsTo,
  statusLinks,
  twilioSettings,
} from '../fixtures/sms-rig.ts';
import type { SmsSettings } from '../sms-account.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const receiverFor = (take: (sms: ArrivedSms) => void): Promise<TwilioReceiver> =>
  startTwilioReceiver({
    clock: systemClock,
    host: '127.0.0.1',
    port: 0,
    authTokenOf: (sid) => (sid === ACCOUNT_SID ? AUTH_TOKEN : null),
    reportAfterMs: 0,
    inboundUrl: () => null,
    take: async (sms) => take(sms),
  });

describeChannel(
  'text messages over Twilio',
  async () => {
    const keys: string[] = [];
    const receiver = await receiverFor((sms) => keys.push(sms.deliveryKey ?? ''));
    // Nobody takes reports there.
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const links = statusLinks(() => nowhere);
    const channel = smsChannel({ statusLinks: links });
    const settings = twilioSettings(receiver.baseUrl);
    const account: ProviderAccount<SmsSettings> = { key: 'open', settings };
    return {
      channel,
      account,
      closedAccount: { key: 'closed', settings: { ...settings, baseUrl: nowhere } },
      envelope: (number, conduct) => smsTo(numberOf(number, conduct)),
      largestEnvelope: (number) =>
        smsTo(numberOf(number, 'accept'), {
          text: 'ж'.repeat(1_600),
          mediaUrls: Array.from({ length: 10 }, (_, index) => `https://pictures.example/${index}.png`),
        }),
      acceptedKeys: async () => keys,
      keyOf: ({ messageId, lane, recipient, content }) =>
        links.url('twilio', {
          appId: content.appId,
          reference: { messageId, lane, subscriptionId: recipient.subscriptionId },
        }),
      openConnections: async () => receiver.connections(),
      close: async () => {
        await channel.close();
        await receiver.close();
      },
    };
  },
  { waitMs: 7_000 },
);

/** Sends one message and returns what came of it on both sides. */
async function send(content: Parameters<typeof smsTo>[1], more = {}) {
  const arrived: ArrivedSms[] = [];
  const receiver = await receiverFor((sms) => arrived.push(sms));
  const channel = smsChannel();
  closers.push(
    () => channel.close(),
    () => receiver.close(),
  );
  const account = { key: 'a', settings: twilioSettings(receiver.baseUrl, more) };
  const [outcome] = await channel.deliver(account, [smsTo('+4915112345', content)]);
  return { outcome, arrived };
}

describe('a message to Twilio', () => {
  it('comes from the sender of the settings, and keeps the SID it is given', async () => {
    const { outcome, arrived } = await send({ text: 'Grüße & 5 €' });
    expect(arrived).toMatchObject([{ from: '+15550100000', to: '+4915112345', text: 'Grüße & 5 €' }]);
    expect(outcome).toEqual({ state: 'sent', ref: arrived[0]?.ref });
  });

  it('comes from its own sender, or from a messaging service, with its media', async () => {
    const service = `MG${'a'.repeat(32)}`;
    const media = ['https://shop.example/a.png', 'https://shop.example/b.png?x=1&y=2'];
    const { arrived } = await send({ from: service, text: '', mediaUrls: media });
    expect(arrived).toMatchObject([{ from: service, text: '', mediaUrls: media }]);
    expect(arrived[0]?.ref).toMatch(/^MM[\da-f]{32}$/);
  });

  it('goes over RCS alone when its sender is an RCS agent', async () => {
    const agent = 'rcs:tea_shop_ab12cd34_agent';
    const { outcome, arrived } = await send({ from: agent, mediaUrls: ['https://shop.example/a.png'] });
    expect(outcome).toMatchObject({ state: 'sent' });
    expect(arrived).toMatchObject([{ from: agent, to: '+4915112345' }]);
    const own = await send({}, { from: agent });
    expect(own.arrived).toMatchObject([{ from: agent, to: '+4915112345' }]);
  });

  it('waits for its app to mend the credentials, and says which', async () => {
    const { outcome } = await send({}, { authToken: 'wrong' });
    expect(outcome).toEqual({
      state: 'retry',
      reason: expect.stringMatching(/^Twilio 20003: Authenticate \(set the account SID/),
      afterMs: null,
    });
  });

  it('opens the API with a key in the place of the token', async () => {
    const { outcome } = await send(
      {},
      { apiKeySid: ACCOUNT_SID, apiKeySecret: AUTH_TOKEN, authToken: 'other' },
    );
    expect(outcome).toMatchObject({ state: 'sent' });
  });

  it('asks nobody else while it rests as Twilio has asked it to', async () => {
    const { arrived } = await (async () => {
      const all: ArrivedSms[] = [];
      const receiver = await receiverFor((sms) => all.push(sms));
      const channel = smsChannel();
      closers.push(
        () => channel.close(),
        () => receiver.close(),
      );
      const account = { key: 'a', settings: twilioSettings(receiver.baseUrl) };
      await channel.deliver(account, [smsTo('+15005558000')]);
      const [next] = await channel.deliver(account, [smsTo('+4915112345')]);
      expect(next).toMatchObject({ state: 'retry', reason: expect.stringContaining('asked to wait') });
      return { arrived: all };
    })();
    expect(arrived).toEqual([]);
  });

  it.each<[string, RequestListener]>([
    ['no JSON', (_, response) => response.writeHead(200).end('<html>Welcome to the hotel</html>')],
    ['JSON of another kind', (_, response) => response.writeHead(201).end('[null]')],
    ['an endless answer', (_, response) => response.end('x'.repeat(1_000_000))],
    [
      'half of an answer',
      (_, response) =>
        response.writeHead(201, { 'content-length': '90' }).write('{"sid":', () => response.destroy()),
    ],
  ])('is in doubt when what answers is %s', async (_name, listener) => {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const channel = smsChannel();
    closers.push(
      () => channel.close(),
      async () => server.close(),
    );
    const { port } = server.address() as AddressInfo;
    const account = { key: 'a', settings: twilioSettings(`http://127.0.0.1:${port}`) };
    const [outcome] = await channel.deliver(account, [smsTo('+4915112345')]);
    expect(outcome).toMatchObject({ state: 'retry', afterMs: null });
    server.closeAllConnections();
  });

  it('does not go to an address inside, and says which setting leads there', async () => {
    const channel = smsChannel({ outboundAllowed: [] });
    closers.push(() => channel.close());
    const account = { key: 'a', settings: twilioSettings('http://127.0.0.1:1') };
    const [outcome] = await channel.deliver(account, [smsTo('+4915112345')]);
    expect(outcome).toMatchObject({ state: 'retry', reason: expect.stringContaining('base_url') });
  });
});
