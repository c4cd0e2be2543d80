import { nameId } from '../../../../platform/ids.ts';
import type { DeliveryEvent, DeliveryEventKind } from '../../delivery-event.ts';
import type { DeliveryReference } from '../../delivery-reference.ts';
import { reportedReason } from './error-codes.ts';

/** Statuses on the way (`queued`, `sending`, `sent`) say nothing that the ledger does not know. */
const KINDS: Readonly<Record<string, DeliveryEventKind>> = {
  delivered: 'delivered',
  undelivered: 'bounced',
  failed: 'bounced',
  canceled: 'bounced',
  // RCS tells when it was read.
  read: 'opened',
};

/**
 * What Twilio reports of a message, as an event of its delivery; null when it is no news. However often it is
 * told, and of however many copies of one delivery, the id is the same.
 */
export function eventOfStatus(
  reference: DeliveryReference,
  params: ReadonlyMap<string, string>,
  at: number,
): DeliveryEvent | null {
  const status = params.get('MessageStatus') ?? params.get('SmsStatus') ?? '';
  const kind = KINDS[status];
  if (kind === undefined) return null;
  const id = nameId('sms', kind, reference.messageId, reference.subscriptionId);
  const event = { ...reference, id, kind, at };
  if (kind !== 'bounced') return event;
  if (status === 'canceled') return { ...event, reason: 'it was cancelled at Twilio' };
  const code = Number(params.get('ErrorCode') ?? Number.NaN);
  return { ...event, reason: reportedReason(Number.isSafeInteger(code) ? code : null) };
}
