import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock.ts';
import { startTwilioReceiver } from '../../sandbox/twilio/twilio-receiver.ts';
import { describeHttpSms, rigsOf } from '../fixtures/http-provider.ts';
import type { HttpSmsProvider } from '../fixtures/http-provider.ts';
import { ACCOUNT_SID, AUTH_TOKEN, smsChannel, smsTo, twilioSettings } from '../fixtures/sms-rig.ts';
import type { TwilioSettings } from './twilio-account.ts';

const twilio: HttpSmsProvider<TwilioSettings> = {
  start: (take) =>
    startTwilioReceiver({
      clock: systemClock,
      host: '127.0.0.1',
      port: 0,
      authTokenOf: (sid) => (sid === ACCOUNT_SID ? AUTH_TOKEN : null),
      reportAfterMs: 0,
      inboundUrl: () => null,
      take: async (sms) => take(sms),
    }),
  settings: twilioSettings,
  largest: {
    text: 'ж'.repeat(1_600),
    mediaUrls: Array.from({ length: 10 }, (_, index) => `https://pictures.example/${index}.png`),
  },
  keyOf: ({ messageId, lane, recipient, content }, links) =>
    links.url('twilio', {
      appId: content.appId,
      reference: { messageId, lane, subscriptionId: recipient.subscriptionId },
    }),
  waitMs: 7_000,
};

describeHttpSms('text messages over Twilio', twilio);

const { closers, rigOf, send } = rigsOf(twilio);

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
    const { arrived, deliver } = await rigOf();
    await deliver('+15005558000');
    expect(await deliver('+4915112345')).toMatchObject({
      state: 'retry',
      reason: expect.stringContaining('asked to wait'),
    });
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
