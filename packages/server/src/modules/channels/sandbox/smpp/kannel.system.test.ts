import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '@carillon/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock.ts';
import { missingKannel, startKannel } from '../../sms/fixtures/kannel.ts';
import type { Kannel } from '../../sms/fixtures/kannel.ts';
import { PASSWORD, SYSTEM_ID } from '../../sms/fixtures/sms-rig.ts';
import type { ArrivedSms } from '../numbers/arrived-sms.ts';
import { startSmppReceiver } from './smpp-receiver.ts';
import type { SmppReceiver } from './smpp-receiver.ts';

/** What Kannel asks a web server: `/report?state=…` of a message it has sent, `/inbound?…` of a text it got. */
const told: URL[] = [];
const web = createServer((request, response) => {
  told.push(new URL(request.url ?? '', 'http://kannel'));
  response.end('');
});
const arrived: ArrivedSms[] = [];
let missing: string | null = null;
let receiver: SmppReceiver;
let kannel: Kannel | null = null;
let webUrl = '';

beforeAll(async () => {
  missing = missingKannel();
  if (missing !== null) return;
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  webUrl = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  receiver = await startSmppReceiver({
    clock: systemClock,
    host: '127.0.0.1',
    port: 0,
    passwordOf: (systemId) => (systemId === SYSTEM_ID ? PASSWORD : null),
    reportAfterMs: 50,
    take: async (sms) => void arrived.push(sms),
  });
  kannel = await startKannel(receiver.port, `${webUrl}/inbound`);
  await until('Kannel is bound', () => receiver.listeners() === 1);
}, 300_000);
afterAll(async () => {
  await kannel?.close();
  if (missing !== null) return;
  await receiver.close();
  web.closeAllConnections();
  web.close();
});

describe('Kannel and the SMSC of the sandbox', () => {
  it.for<[name: string, to: string, text: string, more: Readonly<Record<string, string>>]>([
    ['the letters of GSM', '+49151001', 'Grüße, it costs 5 € [net]', {}],
    ['other letters', '+49151002', 'Ваш заказ в пути', { coding: '2' }],
    ['a long text', '+49151003', `${'Your parcel is on its way. '.repeat(12)}The end`, {}],
    ['a long text of other letters', '+49151004', `${'Заказ в пути. '.repeat(12)}Всё`, { coding: '2' }],
  ])('agree on %s, and on what became of it', async ([, to, text, more], { skip }) => {
    if (kannel === null) return skip(String(missing));
    const report = `${webUrl}/report?to=${encodeURIComponent(to)}&state=%d`;
    const answer = await kannel.send({
      from: '12345',
      to,
      text,
      'dlr-mask': '3',
      'dlr-url': report,
      ...more,
    });
    expect(answer).toMatch(/^0: Accepted/);
    const sms = await until('it has arrived', () => arrived.find((each) => each.to === to));
    expect(sms).toMatchObject({ from: '12345', text });
    const reported = await until('it is reported', () =>
      told.find(({ pathname, searchParams }) => pathname === '/report' && searchParams.get('to') === to),
    );
    // 1: delivered to the telephone.
    expect(reported.searchParams.get('state')).toBe('1');
  });

  it('agree on a text of a person', async ({ skip }) => {
    if (kannel === null) return skip(String(missing));
    expect(await receiver.text(SYSTEM_ID, '+4915100', '12345', 'STOP: 5 €')).toBe(0);
    const inbound = await until('it is told', () => told.find(({ pathname }) => pathname === '/inbound'));
    expect(Object.fromEntries(inbound.searchParams)).toMatchObject({ to: '12345', text: 'STOP: 5 €' });
    expect(inbound.searchParams.get('from')).toMatch(/4915100$/);
  });

  it('agree that a number is unknown', async ({ skip }) => {
    if (kannel === null) return skip(String(missing));
    const to = '+15005551001';
    const report = `${webUrl}/report?to=${encodeURIComponent(to)}&state=%d`;
    await kannel.send({ from: '12345', to, text: 'Hello', 'dlr-mask': '16', 'dlr-url': report });
    const reported = await until('it is reported', () =>
      told.find(({ pathname, searchParams }) => pathname === '/report' && searchParams.get('to') === to),
    );
    // 16: refused by the SMSC.
    expect(reported.searchParams.get('state')).toBe('16');
  });
});
