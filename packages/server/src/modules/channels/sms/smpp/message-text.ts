import { readGsm, writeGsm } from '../gsm-alphabet.ts';
import { encodingOf } from '../segments.ts';
import { CODING, HAS_HEADER, TAG } from './short-message.ts';
import type { ShortMessage } from './short-message.ts';

/** A text, or a piece of one, as bytes of the coding that its whole text has. */
export function writeText(text: string, dataCoding: number): Buffer {
  return dataCoding === CODING.gsm ? writeGsm(text) : Buffer.from(text, 'utf16le').swap16();
}

export function codingOf(text: string): number {
  return encodingOf(text) === 'GSM-7' ? CODING.gsm : CODING.ucs2;
}

/** Which part of which text a message is (3GPP TS 23.040, section 9.2.3.24). */
export interface PartOfText {
  readonly reference: number;
  readonly total: number;
  /** From 1. */
  readonly number: number;
}

export interface ReadText {
  readonly text: string;
  /** Null for a text in one piece. */
  readonly part: PartOfText | null;
}

/** What a message says. */
export function readText(sms: ShortMessage): ReadText {
  const whole = Buffer.from(sms.optionals.get(TAG.messagePayload) ?? sms.message);
  const headerLength = (sms.esmClass & HAS_HEADER) === 0 ? 0 : (whole[0] ?? 0) + 1;
  return {
    text: decode(whole.subarray(headerLength), sms.dataCoding),
    part: partIn(whole.subarray(1, Math.max(1, headerLength))),
  };
}

function decode(bytes: Buffer, dataCoding: number): string {
  switch (dataCoding) {
    case CODING.ucs2:
      // An odd byte at the end is none of a character.
      return Buffer.from(bytes.subarray(0, bytes.length & ~1))
        .swap16()
        .toString('utf16le');
    case CODING.latin1:
      return bytes.toString('latin1');
    default:
      return readGsm(bytes);
  }
}

/** Elements of a header: an identifier, a length and as many bytes. */
function partIn(header: Buffer): PartOfText | null {
  for (let at = 0; at + 2 <= header.length;) {
    const [kind = 0, length = 0] = header.subarray(at, at + 2);
    const data = header.subarray(at + 2, at + 2 + length);
    at += 2 + length;
    const wide = kind === 0x08 && data.length === 4;
    if (!wide && !(kind === 0x00 && data.length === 3)) continue;
    const [total = 0, number = 0] = data.subarray(-2);
    if (number < 1 || number > total) continue;
    return { reference: wide ? data.readUInt16BE(0) : (data[0] ?? 0), total, number };
  }
  return null;
}
