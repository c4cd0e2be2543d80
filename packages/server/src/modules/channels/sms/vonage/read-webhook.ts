import { nameId } from '../../../../platform/ids.ts';
import type { DeliveryEvent, DeliveryEventKind } from '../../delivery-event.ts';
import type { DeliveryReference } from '../../delivery-reference.ts';
import type { InboundSms } from '../inbound/inbound-sms.ts';
import { plainReason } from '../plain-reason.ts';
import { codeOfProblem } from './error-codes.ts';

type Json = Readonly<Record<string, unknown>>;

/** `submitted` says nothing that the ledger does not know. */
const KINDS: Readonly<Record<string, DeliveryEventKind>> = {
  delivered: 'delivered',
  rejected: 'bounced',
  undeliverable: 'bounced',
  // RCS tells when it was read.
  read: 'opened',
};

/**
 * What Vonage reports of a message, as an event of its delivery; null when it is no news. However often it is told,
 * and of however many copies of one delivery, the id is the same.
 */
export function eventOfReport(reference: DeliveryReference, said: Json, at: number): DeliveryEvent | null {
  const kind = KINDS[textOf(said['status'])];
  if (kind === undefined) return null;
  const event = {
    ...reference,
    id: nameId('sms', kind, reference.messageId, reference.subscriptionId),
    kind,
    at,
  };
  return kind === 'bounced' ? { ...event, reason: reasonOf(objectOf(said['error'])) } : event;
}

/** What a person has texted, as Vonage tells it; null when it names no sender. */
export function inboundOf(appId: string, said: Json, at: number): InboundSms | null {
  const id = textOf(said['message_uuid']);
  const from = textOf(said['from']);
  if (id === '' || from === '') return null;
  const to = textOf(said['to']);
  const isRcs = said['channel'] === 'rcs';
  // An MMS: `{"message_type": "image", "image": {"url": …}}`.
  const media = objectOf(said[textOf(said['message_type'])]);
  const url = textOf(media['url']);
  return {
    appId,
    id,
    hasOwnId: true,
    from: numberOf(from),
    to: isRcs ? `rcs:${to}` : numberOf(to),
    text: textOf(said['text']) || textOf(media['caption']),
    mediaUrls: url === '' ? [] : [url],
    part: null,
    at,
    handled: null,
  };
}

function reasonOf({ type, title, detail }: Json): string {
  const code = codeOfProblem(type) ?? (typeof title === 'number' ? String(title) : null);
  if (code === null && typeof detail !== 'string') return 'Vonage did not say why';
  return plainReason(code === null ? 'Vonage' : `Vonage ${code}`, detail);
}

/** Vonage leaves the plus of international numbers away; short codes have none. */
function numberOf(address: string): string {
  return /^\d{7,15}$/.test(address) ? `+${address}` : address;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}
