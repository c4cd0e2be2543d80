import { describe, expect, it } from 'vitest';
import { isReceipt, readReceipt } from './receipt.ts';
import { TAG } from './short-message.ts';
import type { ShortMessage } from './short-message.ts';

function receipt(text: string, optionals: [number, Uint8Array][] = []): ShortMessage {
  return {
    source: { ton: 1, npi: 1, address: '4915100' },
    destination: { ton: 3, npi: 0, address: '12345' },
    esmClass: 0x04,
    validityPeriod: '',
    registeredDelivery: 0,
    dataCoding: 0,
    message: Buffer.from(text, 'latin1'),
    optionals: new Map(optionals),
  };
}
const text = (stat: string, id = '7', err = '000') =>
  `id:${id} sub:001 dlvrd:001 submit date:2611261200 done date:2611261201 stat:${stat} err:${err} text:Hello`;

describe('a receipt of SMPP', () => {
  it.each([
    ['DELIVRD', '000', 'delivered', null],
    ['UNDELIV', '011', 'undelivered', 'the network could not deliver it (UNDELIV, error 011)'],
    ['EXPIRED', '000', 'undelivered', 'the telephone was not reached in time (EXPIRED)'],
    ['REJECTD', '5', 'undelivered', 'the network rejected it (REJECTD, error 5)'],
    ['DELETED', '000', 'undelivered', 'the network deleted it (DELETED)'],
  ] as const)('%s with error %s says that it is %s', (stat, err, state, reason) => {
    expect(readReceipt(receipt(text(stat, 'x-7', err)))).toEqual({ refs: ['x-7'], state, reason });
  });

  it.each(['ENROUTE', 'ACCEPTD', 'UNKNOWN', 'BUFFERED'])('says nothing final with %s', (stat) => {
    expect(readReceipt(receipt(text(stat)))).toBeNull();
  });

  it('is read from its parameters where it has them', () => {
    const optionals: [number, Uint8Array][] = [
      [TAG.receiptedMessageId, Buffer.from('abc-1\u0000')],
      [TAG.messageState, Uint8Array.of(2)],
    ];
    expect(readReceipt(receipt('whatever', optionals))).toMatchObject({
      refs: ['abc-1'],
      state: 'delivered',
    });
    expect(
      readReceipt(receipt('', [[TAG.messagePayload, Buffer.from(text('DELIVRD', 'p1'))]])),
    ).toMatchObject({
      refs: ['p1'],
      state: 'delivered',
    });
  });

  it('names the message in hexadecimal and in decimal digits, because some answer in one and report in the other', () => {
    expect(readReceipt(receipt(text('DELIVRD', '255')))?.refs).toEqual(['255', 'ff', 'FF', '597']);
    expect(readReceipt(receipt(text('DELIVRD', '1A')))?.refs).toEqual(['1A', '26']);
  });

  it.each(['', 'id: stat:DELIVRD', 'Hello, is anybody there?', 'id:7'])('is none when it says %j', (said) => {
    expect(readReceipt(receipt(said))).toBeNull();
  });

  it('is told from a person’s text by its class', () => {
    expect(isReceipt(receipt(''))).toBe(true);
    expect(isReceipt({ ...receipt(''), esmClass: 0x20 })).toBe(true);
    expect(isReceipt({ ...receipt(''), esmClass: 0x40 })).toBe(false);
    expect(isReceipt({ ...receipt(''), esmClass: 0 })).toBe(false);
  });
});
