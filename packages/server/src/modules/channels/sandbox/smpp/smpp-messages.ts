import { codingOf, writeText } from '../../sms/smpp/message-text.ts';
import { cutIntoSegments } from '../../sms/segments.ts';
import { HAS_HEADER, TAG, writeShortMessage } from '../../sms/smpp/short-message.ts';
import type { ShortMessage, SmppAddress } from '../../sms/smpp/short-message.ts';
import type { ArrivedSms } from '../numbers/arrived-sms.ts';

const RECEIPT = 0x04;
const STATE = { delivered: 2, undelivered: 5 } as const;
const WORD = { delivered: 'DELIVRD', undelivered: 'UNDELIV' } as const;
const EXCERPT = 20;

/** What was submitted in one piece: a message, or a part of one. */
export type ReportedPart = Pick<ArrivedSms, 'ref' | 'fate' | 'at' | 'text'>;

/** The body of a `deliver_sm` that tells what became of a message, in the form of appendix B. */
export function writeReceipt({ source, destination }: ShortMessage, part: ReportedPart, now: number): Buffer {
  const { ref, fate } = part;
  const arrived = fate === 'delivered' ? '001' : '000';
  const error = fate === 'delivered' ? '000' : '011';
  const excerpt = part.text.slice(0, EXCERPT).replace(/[^\x20-\x7e]/g, '.');
  const text = `id:${ref} sub:001 dlvrd:${arrived} submit date:${dateOf(part.at)} done date:${dateOf(now)} stat:${WORD[fate]} err:${error} text:${excerpt}`;
  return writeShortMessage({
    ...PLAIN,
    source: destination,
    destination: source,
    esmClass: RECEIPT,
    message: Buffer.from(text, 'latin1'),
    optionals: new Map([
      [TAG.receiptedMessageId, Buffer.from(`${ref}\u0000`, 'latin1')],
      [TAG.messageState, Uint8Array.of(STATE[fate])],
    ]),
  });
}

/** The bodies of the `deliver_sm`s with a person's text: one for each segment, as telephones send them. */
export function writePersonsText(from: string, to: string, text: string, reference: number): Buffer[] {
  const dataCoding = codingOf(text);
  const common = { ...PLAIN, source: addressOf(from), destination: addressOf(to), dataCoding };
  const pieces = cutIntoSegments(text);
  return pieces.map((piece, index) => {
    const message = writeText(piece, dataCoding);
    if (pieces.length === 1) return writeShortMessage({ ...common, message });
    const header = Uint8Array.of(5, 0, 3, reference & 0xff, pieces.length, index + 1);
    return writeShortMessage({ ...common, esmClass: HAS_HEADER, message: Buffer.concat([header, message]) });
  });
}

const PLAIN = {
  esmClass: 0,
  validityPeriod: '',
  registeredDelivery: 0,
  dataCoding: 0,
  optionals: new Map<number, Uint8Array>(),
} as const;

function addressOf(number: string): SmppAddress {
  if (number.startsWith('+')) return { ton: 1, npi: 1, address: number.slice(1) };
  return { ton: /^\d+$/.test(number) ? 3 : 5, npi: 0, address: number };
}

/** `YYMMDDhhmm`, in UTC. */
function dateOf(at: number): string {
  return new Date(at).toISOString().replace(/[^\d]/g, '').slice(2, 12);
}
