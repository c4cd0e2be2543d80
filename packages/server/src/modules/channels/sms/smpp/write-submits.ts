import { createHash } from 'node:crypto';
import type { Envelope } from '../../channel.ts';
import type { RenderedSms } from '../rendered-sms.ts';
import { cutIntoSegments } from '../segments.ts';
import { codingOf, writeText } from './message-text.ts';
import { HAS_HEADER, TAG, writeShortMessage } from './short-message.ts';
import type { ShortMessage, SmppAddress } from './short-message.ts';
import type { SmppSettings } from './smpp-account.ts';

const NO_HEADER = Buffer.alloc(0);
const MOST_PARTS = 255;

/** The bodies of a message's submissions in their order, or why it can never be sent over SMPP. */
export type Submits = { readonly bodies: readonly Buffer[] } | { readonly fault: string };

/**
 * A message as `submit_sm`s: one for each segment, or one for all of it. Whether it arrived is asked for the last
 * one alone, so that a delivery has one reference and one receipt.
 */
export function writeSubmits(settings: SmppSettings, envelope: Envelope<RenderedSms>): Submits {
  const { content, recipient } = envelope;
  const from = content.from ?? settings.from;
  if (content.mediaUrls.length > 0) return { fault: 'SMPP carries no media: leave sms_media_urls out' };
  if (/^(MG[\da-f]{32}$|rcs:)/i.test(from))
    return { fault: 'sms_from is a messaging service or an RCS agent, and the app sends over SMPP' };
  const dataCoding = codingOf(content.text);
  const [high, low] = referenceOf(envelope);
  const common = {
    source: sourceOf(from, settings),
    destination: {
      ton: settings.destinationTon,
      npi: settings.destinationNpi,
      address: recipient.token.replace(/^\+/, ''),
    },
    validityPeriod: validityOf(settings.validityMinutes),
    dataCoding,
    optionals: new Map([[TAG.userMessageReference, Uint8Array.of(high, low)]]),
  };
  const write = (part: Pick<ShortMessage, 'esmClass' | 'message'>, isLast: boolean) =>
    writeShortMessage({ ...common, ...part, registeredDelivery: isLast ? 1 : 0 });

  const pieces = cutIntoSegments(content.text);
  if (pieces.length === 1) {
    return { bodies: [write({ esmClass: 0, message: writeText(content.text, dataCoding) }, true)] };
  }
  if (settings.longMessages === 'payload') {
    const payload = writeText(content.text, dataCoding);
    const optionals = new Map<number, Uint8Array>([...common.optionals, [TAG.messagePayload, payload]]);
    const whole = { ...common, esmClass: 0, message: NO_HEADER, registeredDelivery: 1, optionals };
    return { bodies: [writeShortMessage(whole)] };
  }
  if (pieces.length > MOST_PARTS)
    return { fault: `it has ${pieces.length} parts, and ${MOST_PARTS} is most` };
  return {
    bodies: pieces.map((piece, index) => {
      const header = Uint8Array.of(5, 0, 3, low, pieces.length, index + 1);
      const message = Buffer.concat([header, writeText(piece, dataCoding)]);
      return write({ esmClass: HAS_HEADER, message }, index === pieces.length - 1);
    }),
  };
}

/**
 * Sixteen bits of the delivery, the same for each hand-over: the protocol has no more room. They are
 * `user_message_reference`, and what tells a telephone which parts belong together.
 */
export function referenceOf({
  messageId,
  recipient,
}: Envelope<unknown>): readonly [high: number, low: number] {
  const hash = createHash('sha256').update(`${messageId} ${recipient.subscriptionId}`).digest();
  return [hash[0] ?? 0, hash[1] ?? 0];
}

/** Types of number (section 5.2.5): international, of this network alone, letters. */
const TON = { international: 1, network: 3, alphanumeric: 5 } as const;

function sourceOf(from: string, { sourceTon, sourceNpi }: SmppSettings): SmppAddress {
  const ton = sourceTon ?? tonOf(from);
  const npi = sourceNpi ?? (ton === TON.international ? 1 : 0);
  return { ton, npi, address: from.replace(/^\+/, '') };
}

function tonOf(from: string): number {
  if (/^\+?\d{9,15}$/.test(from) || /^\+\d+$/.test(from)) return TON.international;
  return /^\d+$/.test(from) ? TON.network : TON.alphanumeric;
}

/** Relative, as `YYMMDDhhmmss000R` (section 7.1.1). */
function validityOf(minutes: number | null): string {
  if (minutes === null) return '';
  const parts = [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60), minutes % 60];
  return `0000${parts.map((part) => String(part).padStart(2, '0')).join('')}00000R`;
}
