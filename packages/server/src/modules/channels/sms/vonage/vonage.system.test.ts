import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock.ts';
import { startVonageReceiver } from '../../sandbox/vonage/vonage-receiver.ts';
import { describeHttpSms, rigsOf } from '../fixtures/http-provider.ts';
import type { HttpSmsProvider } from '../fixtures/http-provider.ts';
import {
  APPLICATION,
  APPLICATION_PUBLIC_KEY,
  SIGNATURE_SECRET,
  vonageSettings,
} from '../fixtures/sms-rig.ts';
import type { VonageSettings } from './vonage-account.ts';

const vonage: HttpSmsProvider<VonageSettings> = {
  start: (take) =>
    startVonageReceiver({
      clock: systemClock,
      host: '127.0.0.1',
      port: 0,
      publicKeyOf: (id) => (id === APPLICATION ? APPLICATION_PUBLIC_KEY : null),
      signatureSecret: SIGNATURE_SECRET,
      reportAfterMs: 0,
      inboundUrl: () => null,
      take: async (sms) => take(sms),
    }),
  settings: vonageSettings,
  largest: { text: 'ж'.repeat(1_000) },
  keyOf: ({ messageId, lane, recipient, content }, links) =>
    links.url('vonage', {
      appId: content.appId,
      reference: { messageId, lane, subscriptionId: recipient.subscriptionId },
    }),
  waitMs: 7_000,
};

describeHttpSms('text messages over Vonage', vonage);

const { rigOf, send } = rigsOf(vonage);

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
    const { deliver } = await rigOf();
    await deliver('+15005558000');
    expect(await deliver('+4915112345')).toMatchObject({
      state: 'retry',
      reason: 'Vonage asked to wait a moment ago',
    });
  });
});
