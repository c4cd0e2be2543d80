import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock.ts';
import { startSnsReceiver } from '../../sandbox/sns/sns-receiver.ts';
import { describeHttpSms, rigsOf } from '../fixtures/http-provider.ts';
import type { HttpSmsProvider } from '../fixtures/http-provider.ts';
import { ACCESS_KEY, SECRET_KEY, snsSettings } from '../fixtures/sms-rig.ts';
import type { SnsSettings } from './sns-account.ts';

const sns: HttpSmsProvider<SnsSettings> = {
  start: (take) =>
    startSnsReceiver({
      clock: systemClock,
      host: '127.0.0.1',
      port: 0,
      secretOf: (key) => (key === ACCESS_KEY ? SECRET_KEY : null),
      take: async (sms) => take(sms),
    }),
  settings: snsSettings,
  largest: { text: 'ж'.repeat(1_600) },
  keyOf: ({ messageId, recipient }) => `${messageId}/${recipient.subscriptionId}`,
};

describeHttpSms('text messages over SNS', sns);

const { send } = rigsOf(sns);

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
