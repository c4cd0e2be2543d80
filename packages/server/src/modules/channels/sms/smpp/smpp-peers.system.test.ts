import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { until } from '@carillon/test-kit';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock.ts';
import type { ArrivedSms } from '../../sandbox/numbers/arrived-sms.ts';
import { startSmppReceiver } from '../../sandbox/smpp/smpp-receiver.ts';
import { library } from '../fixtures/npm-smpp.ts';
import type { LibraryPdu, LibrarySession } from '../fixtures/npm-smpp.ts';
import { APP, PASSWORD, SYSTEM_ID, smppSettings, smsChannel, smsTo } from '../fixtures/sms-rig.ts';
import type { InboundSms } from '../inbound/inbound-sms.ts';
import type { AppReceipt } from './smpp-client.ts';
import { referenceOf } from './write-submits.ts';

const closers: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** An SMSC that answers with hexadecimal ids, counted up. */
async function startSmsc() {
  const submitted: LibraryPdu[] = [];
  const binds: LibraryPdu[] = [];
  const sessions: LibrarySession[] = [];
  const server = library.createServer((session) => {
    sessions.push(session);
    session.on('error', () => undefined);
    session.on('bind_transceiver', (pdu) => {
      binds.push(pdu);
      session.send(pdu.response());
    });
    session.on('submit_sm', (pdu) => {
      submitted.push(pdu);
      session.send(pdu.response({ message_id: submitted.length.toString(16).padStart(8, '0') }));
    });
    session.on('unbind', (pdu) => session.send(pdu.response()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    const closed = once(server, 'close');
    server.close();
    for (const session of sessions) session.close();
    await closed;
  });
  return { port: (server.address() as AddressInfo).port, submitted, binds, sessions };
}

describe('our client and an SMSC of the npm library', () => {
  it('understand each other’s messages', async () => {
    const smsc = await startSmsc();
    const channel = smsChannel();
    closers.unshift(() => channel.close());
    const texts = ['Grüße für 5 €', 'Чай 🔔', 'a'.repeat(200)];
    const account = { key: 'a', settings: smppSettings(smsc.port, { window: 1 }) };
    const outcomes = await channel.deliver(
      account,
      texts.map((text) => smsTo('+4915100', { text })),
    );
    expect(outcomes.map((outcome) => 'ref' in outcome && outcome.ref)).toEqual([
      '00000001',
      '00000002',
      '00000004',
    ]);
    expect(smsc.binds).toMatchObject([{ system_id: SYSTEM_ID, password: PASSWORD }]);
    const [high, low] = referenceOf(smsTo('+4915100'));
    expect(smsc.submitted).toMatchObject([
      {
        source_addr: '15550100000',
        destination_addr: '4915100',
        data_coding: 0,
        registered_delivery: 1,
        user_message_reference: high * 256 + low,
        short_message: { message: texts[0] },
      },
      { data_coding: 8, short_message: { message: texts[1] } },
      { registered_delivery: 0, short_message: { message: 'a'.repeat(153) } },
      { registered_delivery: 1, short_message: { message: 'a'.repeat(47) } },
    ]);
    expect(smsc.submitted[3]?.short_message.udh).toEqual([Buffer.from([0, 3, low, 2, 2])]);
  });

  it('understand each other’s receipts and texts', async () => {
    const smsc = await startSmsc();
    const receipts: AppReceipt[] = [];
    const texts: InboundSms[] = [];
    const channel = smsChannel({
      recordReceipts: async (some) => void receipts.push(...some),
      takeInboundSms: async (sms) => (texts.push(sms), null),
    });
    closers.unshift(() => channel.close());
    await channel.attend(APP, [{ key: 'a', settings: smppSettings(smsc.port) }]);
    const [session] = smsc.sessions;
    const answers: LibraryPdu[] = [];
    const told = { source_addr: '4915100', source_addr_ton: 1, destination_addr: '12345' };
    const text =
      'id:99 sub:001 dlvrd:001 submit date:2611261200 done date:2611261201 stat:DELIVRD err:000 text:';
    session?.deliver_sm({ ...told, esm_class: 4, short_message: text }, (pdu) => answers.push(pdu));
    session?.deliver_sm({ ...told, short_message: 'STOP €' }, (pdu) => answers.push(pdu));
    session?.enquire_link((pdu) => answers.push(pdu));
    await until('all three are answered', () => answers.length === 3);
    expect(answers.map(({ command_status }) => command_status)).toEqual([0, 0, 0]);
    expect(receipts).toMatchObject([{ appId: APP, refs: ['99', '63', '153'], state: 'delivered' }]);
    expect(texts).toMatchObject([{ from: '+4915100', to: '12345', text: 'STOP €' }]);
  });
});

describe('our SMSC and a client of the npm library', () => {
  it('understand each other', async () => {
    const arrived: ArrivedSms[] = [];
    const receiver = await startSmppReceiver({
      clock: systemClock,
      host: '127.0.0.1',
      port: 0,
      passwordOf: (systemId) => (systemId === SYSTEM_ID ? PASSWORD : null),
      reportAfterMs: 0,
      take: async (sms) => void arrived.push(sms),
    });
    const session = await new Promise<LibrarySession>((resolve) => {
      const opening: LibrarySession = library.connect({ url: `smpp://127.0.0.1:${receiver.port}` }, () =>
        resolve(opening),
      );
    });
    session.on('error', () => undefined);
    closers.push(
      () => session.close(),
      () => receiver.close(),
    );
    const ask = (command: 'bind_transceiver' | 'submit_sm', fields: object) =>
      new Promise<LibraryPdu>((resolve) => session[command](fields, resolve));
    const receipts: LibraryPdu[] = [];
    session.on('deliver_sm', (pdu) => {
      receipts.push(pdu);
      session.send(pdu.response());
    });

    const stranger = await ask('bind_transceiver', { system_id: SYSTEM_ID, password: 'wrong' });
    expect(stranger.command_status).toBe(0x0e);
    const early = await ask('submit_sm', { destination_addr: '4915100', short_message: 'early' });
    expect(early.command_status).toBe(0x04);
    await ask('bind_transceiver', { system_id: SYSTEM_ID, password: PASSWORD });
    const sent = await ask('submit_sm', {
      source_addr: 'Shop',
      source_addr_ton: 5,
      destination_addr: '4915100',
      dest_addr_ton: 1,
      registered_delivery: 1,
      short_message: 'Привет, 5 €',
    });
    expect(sent.command_status).toBe(0);
    expect(arrived).toMatchObject([
      { from: 'Shop', to: '+4915100', text: 'Привет, 5 €', ref: sent.message_id, deliveryKey: null },
    ]);
    await until('the receipt has come', () => receipts.length === 1);
    expect(receipts).toMatchObject([{ receipted_message_id: sent.message_id, message_state: 2 }]);
    expect(receipts[0]?.short_message.message).toContain(`id:${sent.message_id} `);
    const throttled = await ask('submit_sm', { destination_addr: '15005558000', short_message: 'x' });
    expect(throttled.command_status).toBe(0x58);
  });
});
