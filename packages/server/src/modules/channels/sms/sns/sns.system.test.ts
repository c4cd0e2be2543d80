import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock.ts';
import type { ProviderAccount } from '../../channel.ts';
import { describeChannel } from '../../channel-conformance.ts';
import type { ArrivedSms } from '../../sandbox/numbers/arrived-sms.ts';
import { startSnsReceiver } from '../../sandbox/sns/sns-receiver.ts';
import type { SnsReceiver } from '../../sandbox/sns/sns-receiver.ts';
import {
  ACCESS_KEY,
  SECRET_KEY,
  freePort,
  numberOf,
  smsChannel,
  smsTo,
  snsSettings,
} from '../fixtures/sms-rig.ts';
import type { SmsSettings } from '../sms-account.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const receiverFor = (take: (sms: ArrivedSms) => void): Promise<SnsReceiver> =>
  startSnsReceiver({
    clock: systemClock,
    host: '127.0.0.1',
    port: 0,
    secretOf: (key) => (key === ACCESS_KEY ? SECRET_KEY : null),
    take: async (sms) => take(sms),
  });

describeChannel('text messages over SNS', async () => {
  const keys: string[] = [];
  const receiver = await receiverFor((sms) => keys.push(sms.deliveryKey ?? ''));
  const channel = smsChannel();
  const settings = snsSettings(receiver.baseUrl);
  const account: ProviderAccount<SmsSettings> = { key: 'open', settings };
  const nowhere = `http://127.0.0.1:${await freePort()}`;
  return {
    channel,
    account,
    closedAccount: { key: 'closed', settings: { ...settings, baseUrl: nowhere } },
    envelope: (number, conduct) => smsTo(numberOf(number, conduct)),
    largestEnvelope: (number) => smsTo(numberOf(number, 'accept'), { text: 'ж'.repeat(1_600) }),
    acceptedKeys: async () => keys,
    keyOf: ({ messageId, recipient }) => `${messageId}/${recipient.subscriptionId}`,
    openConnections: async () => receiver.connections(),
    close: async () => {
      await channel.close();
      await receiver.close();
    },
  };
});

/** Sends one message and returns what came of it on both sides. */
async function send(content: Parameters<typeof smsTo>[1], more = {}, number = '+4915112345') {
  const arrived: ArrivedSms[] = [];
  const receiver = await receiverFor((sms) => arrived.push(sms));
  const channel = smsChannel();
  closers.push(
    () => channel.close(),
    () => receiver.close(),
  );
  const account = { key: 'a', settings: snsSettings(receiver.baseUrl, more) };
  const [outcome] = await channel.deliver(account, [smsTo(number, content)]);
  return { outcome, arrived };
}

describe('a message to SNS', () => {
  it('is signed, comes from the sender of the settings, and keeps the id it is given', async () => {
    const { outcome, arrived } = await send({ text: 'Grüße & 5 € + more' });
    expect(arrived).toMatchObject([{ from: '+15550100000', to: '+4915112345', text: 'Grüße & 5 € + more' }]);
    expect(outcome).toEqual({ state: 'sent', ref: arrived[0]?.ref });
  });

  it('comes from its own sender, a number or a name, or from whom AWS chooses', async () => {
    expect((await send({ from: 'TeaShop' })).arrived).toMatchObject([{ from: 'TeaShop' }]);
    expect((await send({ from: '55501' })).arrived).toMatchObject([{ from: '55501' }]);
    expect((await send({}, { from: null })).arrived).toMatchObject([{ from: '' }]);
  });

  it.each([
    [{ mediaUrls: ['https://a.example/1.png'] }, 'no media'],
    [{ text: 'x'.repeat(1_601) }, '1600 characters'],
    [{ from: 'rcs:TeaShop' }, 'RCS agent'],
  ])('is not handed over where SNS can never take it: %s', async (content, words) => {
    const { outcome, arrived } = await send(content);
    expect(outcome).toMatchObject({ state: 'failed', reason: expect.stringContaining(words) });
    expect(arrived).toEqual([]);
  });

  it('waits for its app to mend the keys, and says which', async () => {
    const { outcome } = await send({}, { secretAccessKey: 'wrong' });
    expect(outcome).toMatchObject({
      state: 'retry',
      reason: expect.stringMatching(/^SNS SignatureDoesNotMatch: .*set the keys and the region/),
    });
  });

  it('fails for a number that SNS does not take, and waits while there is too much', async () => {
    expect((await send({}, {}, '+15005551000')).outcome).toMatchObject({
      state: 'failed',
      reason: 'SNS InvalidParameter: Invalid parameter: PhoneNumber Reason: <number> is not valid',
    });
    expect((await send({}, {}, '+15005558000')).outcome).toMatchObject({
      state: 'retry',
      reason: 'SNS Throttled: Rate exceeded',
    });
  });
});
