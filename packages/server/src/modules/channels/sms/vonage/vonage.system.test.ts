import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock.ts';
import type { ProviderAccount } from '../../channel.ts';
import { describeChannel } from '../../channel-conformance.ts';
import type { ArrivedSms } from '../../sandbox/numbers/arrived-sms.ts';
import { startVonageReceiver } from '../../sandbox/vonage/vonage-receiver.ts';
import type { VonageReceiver } from '../../sandbox/vonage/vonage-receiver.ts';
import {
  APPLICATION,
  APPLICATION_PUBLIC_KEY,
  SIGNATURE_SECRET,
  freePort,
  numberOf,
  smsChannel,
  smsTo,
  statusLinks,
  vonageSettings,
} from '../fixtures/sms-rig.ts';
import type { SmsSettings } from '../sms-account.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const receiverFor = (take: (sms: ArrivedSms) => void): Promise<VonageReceiver> =>
  startVonageReceiver({
    clock: systemClock,
    host: '127.0.0.1',
    port: 0,
    publicKeyOf: (id) => (id === APPLICATION ? APPLICATION_PUBLIC_KEY : null),
    signatureSecret: SIGNATURE_SECRET,
    reportAfterMs: 0,
    inboundUrl: () => null,
    take: async (sms) => take(sms),
  });

describeChannel(
  'text messages over Vonage',
  async () => {
    const keys: string[] = [];
    const receiver = await receiverFor((sms) => keys.push(sms.deliveryKey ?? ''));
    // Nobody takes reports there.
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const links = statusLinks(() => nowhere);
    const channel = smsChannel({ statusLinks: links });
    const settings = vonageSettings(receiver.baseUrl);
    const account: ProviderAccount<SmsSettings> = { key: 'open', settings };
    return {
      channel,
      account,
      closedAccount: { key: 'closed', settings: { ...settings, baseUrl: nowhere } },
      envelope: (number, conduct) => smsTo(numberOf(number, conduct)),
      largestEnvelope: (number) => smsTo(numberOf(number, 'accept'), { text: 'ж'.repeat(1_000) }),
      acceptedKeys: async () => keys,
      keyOf: ({ messageId, lane, recipient, content }) =>
        links.url('vonage', {
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
async function send(content: Parameters<typeof smsTo>[1], more = {}, number = '+4915112345') {
  const arrived: ArrivedSms[] = [];
  const receiver = await receiverFor((sms) => arrived.push(sms));
  const channel = smsChannel();
  closers.push(
    () => channel.close(),
    () => receiver.close(),
  );
  const account = { key: 'a', settings: vonageSettings(receiver.baseUrl, more) };
  const [outcome] = await channel.deliver(account, [smsTo(number, content)]);
  return { outcome, arrived };
}

describe('a message to Vonage', () => {
  it('comes from the sender of the settings, and keeps the UUID it is given', async () => {
    const { outcome, arrived } = await send({ text: 'Grüße & 5 €' });
    expect(arrived).toMatchObject([{ from: '+15550100000', to: '+4915112345', text: 'Grüße & 5 €' }]);
    expect(outcome).toEqual({ state: 'sent', ref: arrived[0]?.ref });
  });

  it('is an MMS with a file, and RCS from an agent', async () => {
    const mediaUrls = ['https://shop.example/a.png?size=2'];
    const mms = await send({ mediaUrls, text: 'Your teapot' });
    expect(mms.arrived).toMatchObject([{ text: 'Your teapot', mediaUrls }]);
    const rcs = await send({ from: 'rcs:TeaShop', text: 'Hello' });
    expect(rcs.arrived).toMatchObject([{ from: 'rcs:TeaShop', to: '+4915112345', text: 'Hello' }]);
    const card = await send({ from: 'rcs:TeaShop', text: '', mediaUrls });
    expect(card.arrived).toMatchObject([{ text: '', mediaUrls }]);
  });

  it('waits for its app to mend the key, and says which', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
    const privateKey = other.export({ type: 'pkcs8', format: 'pem' }).toString();
    const { outcome, arrived } = await send({}, { privateKey });
    expect(outcome).toMatchObject({ state: 'retry', reason: expect.stringContaining('private key') });
    expect(arrived).toEqual([]);
  });

  it.each([
    ['+15005551000', { state: 'failed', address: { notificationTypes: -10 } }],
    ['+15005550004', { state: 'failed', address: { notificationTypes: -2 } }],
    ['+15005550002', { state: 'failed', reason: expect.stringMatching(/^Vonage 1250: Unroutable/) }],
    ['+15005550003', { state: 'retry', reason: expect.stringContaining('permit the number') }],
  ])('to %s comes to what Vonage says of it', async (number, expected) => {
    expect((await send({}, {}, number)).outcome).toMatchObject(expected);
  });

  it('asks nobody else while it rests as Vonage has asked it to', async () => {
    const receiver = await receiverFor(() => undefined);
    const channel = smsChannel();
    closers.push(
      () => channel.close(),
      () => receiver.close(),
    );
    const account = { key: 'a', settings: vonageSettings(receiver.baseUrl) };
    await channel.deliver(account, [smsTo('+15005558000')]);
    const [next] = await channel.deliver(account, [smsTo('+4915112345')]);
    expect(next).toMatchObject({ state: 'retry', reason: 'Vonage asked to wait a moment ago' });
  });
});
