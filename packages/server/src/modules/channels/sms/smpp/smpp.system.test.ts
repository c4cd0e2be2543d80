import { EventEmitter, once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '@carillon/test-kit';
import { systemClock } from '../../../../platform/clock.ts';
import type { ProviderAccount } from '../../channel.ts';
import { describeChannel } from '../../channel-conformance.ts';
import type { ArrivedSms } from '../../sandbox/numbers/arrived-sms.ts';
import { startSmppReceiver } from '../../sandbox/smpp/smpp-receiver.ts';
import type { SmppReceiver } from '../../sandbox/smpp/smpp-receiver.ts';
import {
  APP,
  PASSWORD,
  SYSTEM_ID,
  freePort,
  numberOf,
  smppSettings,
  smsChannel,
  smsTo,
} from '../fixtures/sms-rig.ts';
import type { InboundSms } from '../inbound/inbound-sms.ts';
import type { SmsSettings } from '../sms-account.ts';
import type { SmsChannelOptions } from '../sms-channel.ts';
import type { SmppSettings } from './smpp-account.ts';
import type { AppReceipt } from './smpp-client.ts';
import { referenceOf } from './write-submits.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const receiverFor = (take: (sms: ArrivedSms) => Promise<void>, reportAfterMs = 0): Promise<SmppReceiver> =>
  startSmppReceiver({
    clock: systemClock,
    host: '127.0.0.1',
    port: 0,
    passwordOf: (systemId) => (systemId === SYSTEM_ID ? PASSWORD : null),
    reportAfterMs,
    take,
  });

// One at a time: what else is in the window when a connection is cut is in doubt as well, and waits for another try.
describeChannel('text messages over SMPP', async () => {
  const keys: string[] = [];
  const receiver = await receiverFor(async (sms) => void keys.push(`${sms.to} ${sms.deliveryKey}`));
  const channel = smsChannel();
  const settings = smppSettings(receiver.port, { window: 1 });
  const account: ProviderAccount<SmsSettings> = { key: 'open', settings };
  return {
    channel,
    account,
    closedAccount: { key: 'closed', settings: { ...settings, port: await freePort() } },
    envelope: (number, conduct) => smsTo(numberOf(number, conduct)),
    largestEnvelope: (number) => smsTo(numberOf(number, 'accept'), { text: '€'.repeat(255 * 76) }),
    acceptedKeys: async () => keys,
    keyOf: (envelope) => `${envelope.recipient.token} ${Buffer.from(referenceOf(envelope)).toString('hex')}`,
    openConnections: async () => receiver.connections(),
    close: async () => {
      await channel.close();
      await receiver.close();
    },
  };
});

interface World {
  readonly receiver: SmppReceiver;
  readonly arrived: ArrivedSms[];
  readonly channel: ReturnType<typeof smsChannel>;
  readonly account: { readonly key: string; readonly settings: SmppSettings };
}

async function open(
  settings: Partial<SmppSettings> = {},
  options: Partial<SmsChannelOptions> = {},
  take?: (sms: ArrivedSms) => Promise<void>,
): Promise<World> {
  const arrived: ArrivedSms[] = [];
  const receiver = await receiverFor(async (sms) => {
    arrived.push(sms);
    await take?.(sms);
  });
  const channel = smsChannel(options);
  closers.push(
    () => channel.close(),
    () => receiver.close(),
  );
  return {
    receiver,
    arrived,
    channel,
    account: { key: 'a', settings: smppSettings(receiver.port, settings) },
  };
}

describe('a message over SMPP', () => {
  it.each(['parts', 'payload'] as const)('arrives whole, however long it is, as %s', async (longMessages) => {
    const { channel, account, arrived } = await open({ longMessages });
    const texts = [
      'Hello',
      '€uro [and] {more}',
      'Привет 🔔',
      'a'.repeat(161),
      '🔔'.repeat(100),
      '€'.repeat(400),
    ];
    const outcomes = await channel.deliver(
      account,
      texts.map((text, index) => smsTo(`+4915100${index}`, { text })),
    );
    expect(outcomes.map(({ state }) => state)).toEqual(texts.map(() => 'sent'));
    const byNumber = arrived.toSorted((a, b) => (a.to < b.to ? -1 : 1));
    expect(byNumber.map(({ text }) => text)).toEqual(texts);
  });

  it('names its sender as what it is: a number, a short code, a name', async () => {
    const { channel, account, arrived } = await open();
    for (const from of ['+15550100000', '12345', 'Tea Shop']) {
      await channel.deliver(account, [smsTo('+4915100', { from })]);
    }
    expect(arrived.map(({ from }) => from)).toEqual(['+15550100000', '12345', 'Tea Shop']);
  });

  it('carries no media, and goes through no service of Twilio’s', async () => {
    const { channel, account } = await open();
    const outcomes = await channel.deliver(account, [
      smsTo('+49151001', { mediaUrls: ['https://shop.example/a.png'] }),
      smsTo('+49151002', { from: `MG${'a'.repeat(32)}` }),
    ]);
    expect(outcomes).toMatchObject([
      { state: 'failed', reason: expect.stringContaining('sms_media_urls') },
      { state: 'failed', reason: expect.stringContaining('sms_from') },
    ]);
  });

  it('waits when the SMSC is overrun', async () => {
    const { channel, account } = await open();
    const [outcome] = await channel.deliver(account, [smsTo('+15005558000')]);
    expect(outcome).toEqual({
      state: 'retry',
      reason: expect.stringMatching(/^SMPP 0x00000058: /),
      afterMs: null,
      limited: true,
    });
  });

  it('waits for its app to mend the credentials, and says which', async () => {
    const { channel, account } = await open({ password: 'wrong' });
    const [outcome] = await channel.deliver(account, [smsTo('+49151001')]);
    expect(outcome).toMatchObject({
      state: 'retry',
      reason: expect.stringContaining('the password is wrong'),
    });
  });

  it('keeps no more of them open than the window has room for', async () => {
    let waiting = 0;
    let most = 0;
    const door = new EventEmitter();
    const opened = once(door, 'open');
    const { channel, account } = await open({ window: 4 }, {}, async () => {
      waiting += 1;
      most = Math.max(most, waiting);
      if (waiting === 4) door.emit('open');
      await opened;
      waiting -= 1;
    });
    const page = Array.from({ length: 40 }, (_, index) => smsTo(`+4915100${index}`));
    const outcomes = await channel.deliver(account, page);
    expect(new Set(outcomes.map(({ state }) => state))).toEqual(new Set(['sent']));
    expect(most).toBe(4);
  });

  it('is in doubt when the session is lost before the answer; those behind it go over the next session', async () => {
    const { channel, account, arrived, receiver } = await open({ window: 4 }, {}, async (sms) => {
      // The four of the first window have come: not one of them is answered.
      if (sms.to.endsWith('100') && arrived.length <= 4) {
        if (arrived.length === 4) receiver.cut();
        await new Promise(() => undefined);
      }
    });
    const page = Array.from({ length: 12 }, (_, index) =>
      smsTo(`+49151${index < 4 ? `${index}100` : `${index}200`}`),
    );
    const states = (await channel.deliver(account, page)).map(({ state }) => state);
    expect(states.slice(0, 4)).toEqual(['retry', 'retry', 'retry', 'retry']);
    expect(states.slice(4)).toEqual(Array.from({ length: 8 }, () => 'sent'));
  });
});

describe('what comes back over SMPP', () => {
  it('is a receipt of each message, under the id that it was given', async () => {
    const receipts: AppReceipt[] = [];
    const { channel, account } = await open(
      {},
      { recordReceipts: async (some) => void receipts.push(...some) },
    );
    const outcomes = await channel.deliver(account, [
      smsTo('+4915100', { text: 'a'.repeat(400) }),
      smsTo('+15005554000'),
    ]);
    await until('both receipts have come', () => receipts.length === 2);
    const told = receipts.map(({ appId, refs, state }) => ({ appId, ref: refs[0], state }));
    const refOf = (index: number) => (outcomes[index] as { ref: string }).ref;
    expect(told).toEqual(
      expect.arrayContaining([
        { appId: APP, ref: refOf(0), state: 'delivered' },
        { appId: APP, ref: refOf(1), state: 'undelivered' },
      ]),
    );
    expect(receipts.find(({ state }) => state === 'undelivered')?.reason).toBe(
      'the network could not deliver it (UNDELIV, error 011)',
    );
  });

  it('is a person’s text, which is answered when what it asks for is committed', async () => {
    const texts: InboundSms[] = [];
    const { channel, account, arrived, receiver } = await open(
      {},
      {
        takeInboundSms: async (sms) => {
          texts.push(sms);
          return 'You will get no more messages.';
        },
      },
    );
    await channel.attend(APP, [account]);
    expect(await receiver.text(SYSTEM_ID, '+4915100', '12345', 'Stop!')).toBe(0);
    expect(texts).toMatchObject([
      { appId: APP, from: '+4915100', to: '12345', text: 'Stop!', handled: null },
    ]);
    await until('the answer has come', () => arrived.length === 1);
    expect(arrived).toMatchObject([
      { from: '12345', to: '+4915100', text: 'You will get no more messages.' },
    ]);
  });

  it('is kept by the SMSC when it could not be taken', async () => {
    const { channel, account, receiver } = await open(
      {},
      { takeInboundSms: () => Promise.reject(new Error('the database is away')) },
    );
    await channel.attend(APP, [account]);
    expect(await receiver.text(SYSTEM_ID, '+4915100', '12345', 'STOP')).toBe(0x64);
  });

  it('comes again after the session was lost, without a message to send', async () => {
    const texts: InboundSms[] = [];
    const { channel, account, receiver } = await open(
      {},
      { takeInboundSms: async (sms) => (texts.push(sms), null) },
    );
    await channel.attend(APP, [account]);
    receiver.cut();
    await until('it is bound again', () => receiver.listeners() === 1);
    await receiver.text(SYSTEM_ID, '+4915100', '12345', 'HELP');
    expect(texts).toMatchObject([{ text: 'HELP' }]);
  });

  it('ends when the app sends in another way', async () => {
    const { channel, account, receiver } = await open();
    await channel.attend(APP, [account]);
    expect(receiver.listeners()).toBe(1);
    await channel.attend(APP, []);
    await until('nobody is bound', () => receiver.listeners() === 0);
  });
});
