import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedPdu, PduReader, writePdu } from './pdu.ts';
import type { Pdu } from './pdu.ts';
import { readShortMessage, writeShortMessage } from './short-message.ts';

const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const bytes = (most: number) => fc.uint8Array({ maxLength: most }).map((value) => Buffer.from(value));
const pdu: fc.Arbitrary<Pdu> = fc.record({
  command: uint32,
  status: uint32,
  sequence: uint32,
  body: bytes(300),
});
const letters = (most: number) => fc.string({ maxLength: most, unit: 'grapheme-ascii' });
const byte = fc.integer({ min: 0, max: 255 });
const address = fc.record({ ton: byte, npi: byte, address: letters(20) });
const shortMessage = fc.record({
  source: address,
  destination: address,
  esmClass: byte,
  validityPeriod: letters(16),
  registeredDelivery: byte,
  dataCoding: byte,
  message: bytes(255),
  optionals: fc
    .array(fc.tuple(fc.integer({ min: 0, max: 0xffff }), bytes(400)), { maxLength: 4 })
    .map((entries) => new Map(entries)),
});

function faultOf(read: () => unknown): unknown {
  try {
    read();
    return null;
  } catch (error) {
    return error;
  }
}

describe('messages of SMPP', () => {
  it('are found however the connection cuts them', () => {
    fc.assert(
      fc.property(
        fc.array(pdu),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
        (sent, sizes) => {
          const stream = Buffer.concat(sent.map(writePdu));
          const reader = new PduReader();
          const found: Pdu[] = [];
          for (let at = 0, turn = 0; at < stream.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            found.push(...reader.read(stream.subarray(at, at + size)));
            at += size;
          }
          expect(found.map((each) => ({ ...each, body: Buffer.from(each.body) }))).toEqual(sent);
        },
      ),
    );
  });

  it('are read as they were written', () => {
    fc.assert(
      fc.property(shortMessage, (sms) => {
        expect(readShortMessage(writeShortMessage(sms))).toEqual(sms);
      }),
    );
  });

  it('are refused when they are none, and never with another error', () => {
    fc.assert(
      fc.property(shortMessage, fc.nat(), bytes(40), (sms, cut, noise) => {
        const whole = writeShortMessage(sms);
        const torn = Buffer.concat([whole.subarray(0, cut % (whole.length + 1)), noise]);
        const fault = faultOf(() => readShortMessage(torn));
        expect(fault === null || fault instanceof MalformedPdu).toBe(true);
      }),
    );
  });

  it.each([0, 15, 100_000, 0xffffffff])('end the session when one says that it has %i bytes', (length) => {
    const header = Buffer.alloc(16);
    header.writeUInt32BE(length);
    expect(() => new PduReader().read(header)).toThrow(MalformedPdu);
  });
});
