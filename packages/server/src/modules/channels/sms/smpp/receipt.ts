import { TAG } from './short-message.ts';
import type { ShortMessage } from './short-message.ts';

/** What became of a message: it arrived, or it never will. */
export interface Receipt {
  /**
   * The message's id in each spelling that it may have in the ledger: some SMSCs answer in hexadecimal digits and
   * report in decimal ones.
   */
  readonly refs: readonly string[];
  readonly state: 'delivered' | 'undelivered';
  /** Why it never will; null where it arrived. */
  readonly reason: string | null;
}

/** Bits of `esm_class` that say what a message from the SMSC is (section 5.2.12). */
const KIND_BITS = 0x3c;
const RECEIPT = 0x04;
const NOTIFICATION = 0x20;

/** Whether it tells of a message, and is not a text of a person. */
export function isReceipt({ esmClass }: ShortMessage): boolean {
  const kind = esmClass & KIND_BITS;
  return kind === RECEIPT || kind === NOTIFICATION;
}

/** `message_state` (section 5.2.28) and its words in a receipt's text (appendix B). */
const STATES: Readonly<Record<number, string>> = {
  1: 'ENROUTE',
  2: 'DELIVRD',
  3: 'EXPIRED',
  4: 'DELETED',
  5: 'UNDELIV',
  6: 'ACCEPTD',
  7: 'UNKNOWN',
  8: 'REJECTD',
};

const REASONS: Readonly<Record<string, string>> = {
  EXPIRED: 'the telephone was not reached in time',
  DELETED: 'the network deleted it',
  UNDELIV: 'the network could not deliver it',
  REJECTD: 'the network rejected it',
};

/**
 * Reads a receipt; null when it says nothing final, or not of which message. The text's form is a vendor's own
 * affair: parameters go before it, and only its first fields are looked at.
 */
export function readReceipt({ message, optionals }: ShortMessage): Receipt | null {
  const text = Buffer.from(optionals.get(TAG.messagePayload) ?? message).toString('latin1');
  const id = textOf(optionals.get(TAG.receiptedMessageId)) ?? /\bid:([^\s]+)/i.exec(text)?.[1] ?? '';
  const number = optionals.get(TAG.messageState)?.[0];
  const state = number === undefined ? /\bstat:\s*([A-Z]+)/i.exec(text)?.[1]?.toUpperCase() : STATES[number];
  if (id === '' || state === undefined) return null;
  if (state === 'DELIVRD') return { refs: spellingsOf(id), state: 'delivered', reason: null };
  const words = REASONS[state];
  if (words === undefined) return null;
  const code = /\berr:\s*([\w-]+)/i.exec(text)?.[1];
  const detail = code === undefined || /^0+$/.test(code) ? state : `${state}, error ${code}`;
  return { refs: spellingsOf(id), state: 'undelivered', reason: `${words} (${detail})` };
}

function textOf(bytes: Uint8Array | undefined): string | null {
  if (bytes === undefined) return null;
  const text = Buffer.from(bytes).toString('latin1').replaceAll('\u0000', '');
  return text === '' ? null : text;
}

const LONGEST_NUMBER = 20;

function spellingsOf(id: string): string[] {
  const spellings = new Set([id]);
  if (id.length <= LONGEST_NUMBER && /^\d+$/.test(id)) {
    const hex = BigInt(id).toString(16);
    spellings.add(hex).add(hex.toUpperCase());
  }
  if (id.length <= LONGEST_NUMBER && /^[\da-f]+$/i.test(id)) spellings.add(BigInt(`0x${id}`).toString());
  return [...spellings];
}
