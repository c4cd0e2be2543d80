import { describe, expect, it } from 'vitest';
import { smppSettings, smsTo } from '../fixtures/sms-rig.ts';
import type { RenderedSms } from '../rendered-sms.ts';
import { HAS_HEADER, TAG, readShortMessage } from './short-message.ts';
import type { SmppSettings } from './smpp-account.ts';
import { writeSubmits } from './write-submits.ts';

function submitsOf(content: Partial<RenderedSms> = {}, settings: Partial<SmppSettings> = {}) {
  const submits = writeSubmits(smppSettings(1, settings), smsTo('+4915100', content));
  if ('fault' in submits) throw new Error(submits.fault);
  return submits.bodies.map((body) => readShortMessage(body));
}

describe('what is submitted of a message', () => {
  it('is one submission, which asks for a receipt', () => {
    const [only, ...more] = submitsOf({ text: 'It costs 5 €' });
    expect(more).toEqual([]);
    expect(only).toMatchObject({
      source: { ton: 1, npi: 1, address: '15550100000' },
      destination: { ton: 1, npi: 1, address: '4915100' },
      esmClass: 0,
      registeredDelivery: 1,
      dataCoding: 0,
      validityPeriod: '',
    });
    // Seven bits each, the euro sign with its escape.
    expect(Buffer.from(only?.message ?? []).toString('hex')).toBe('497420636f7374732035201b65');
  });

  it('is UTF-16 from its first letter that GSM does not have', () => {
    expect(submitsOf({ text: 'Чай' })).toMatchObject([
      { dataCoding: 8, message: Buffer.from('042704300439', 'hex') },
    ]);
  });

  it('is a part for each segment, with the same reference each time, and one receipt', () => {
    const parts = submitsOf({ text: 'a'.repeat(400) });
    expect(parts.map(({ esmClass }) => esmClass)).toEqual([HAS_HEADER, HAS_HEADER, HAS_HEADER]);
    expect(parts.map(({ registeredDelivery }) => registeredDelivery)).toEqual([0, 0, 1]);
    const reference = parts[0]?.message[3];
    expect(parts.map(({ message }) => [...message.subarray(0, 6)])).toEqual([
      [5, 0, 3, reference, 3, 1],
      [5, 0, 3, reference, 3, 2],
      [5, 0, 3, reference, 3, 3],
    ]);
    expect(parts.map(({ message }) => message.length - 6)).toEqual([153, 153, 94]);
    expect(submitsOf({ text: 'a'.repeat(400) })).toEqual(parts);
  });

  it('is one submission with a payload where the account wants that', () => {
    const [only, ...more] = submitsOf({ text: 'ä'.repeat(400) }, { longMessages: 'payload' });
    expect(more).toEqual([]);
    expect(only?.message).toHaveLength(0);
    expect(only?.optionals.get(TAG.messagePayload)).toHaveLength(400);
  });

  it.each([
    ['+15550100000', 1, 1],
    ['15550100000', 1, 1],
    ['12345', 3, 0],
    ['Tea Shop', 5, 0],
  ])('comes from %s as type %i of plan %i', (from, ton, npi) => {
    expect(submitsOf({ from })).toMatchObject([{ source: { ton, npi, address: from.replace('+', '') } }]);
  });

  it('comes from a type and plan that the account names', () => {
    expect(submitsOf({ from: '12345' }, { sourceTon: 6, sourceNpi: 9 })).toMatchObject([
      { source: { ton: 6, npi: 9 } },
    ]);
  });

  it.each([
    [1, '000000000100000R'],
    [90, '000000013000000R'],
    [10_080, '000007000000000R'],
  ])('is worth something for %i minutes', (validityMinutes, validityPeriod) => {
    expect(submitsOf({}, { validityMinutes })).toMatchObject([{ validityPeriod }]);
  });

  it('is nothing for a text of more parts than can be counted', () => {
    const submits = writeSubmits(smppSettings(1), smsTo('+4915100', { text: 'a'.repeat(256 * 153) }));
    expect(submits).toEqual({ fault: 'it has 256 parts, and 255 is most' });
  });
});
