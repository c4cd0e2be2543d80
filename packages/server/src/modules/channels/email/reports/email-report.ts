import { nameId } from '../../../../platform/ids.ts';
import type { DeliveryEvent, DeliveryEventKind } from '../../delivery-event.ts';
import type { DeliveryReference } from '../../delivery-reference.ts';

/** What a mail provider tells of one mail of ours. */
export interface EmailReport {
  readonly reference: DeliveryReference;
  readonly kind: DeliveryEventKind;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** clicked: the address behind the link. */
  readonly url?: string;
  /** What the other side said. */
  readonly reason?: string;
  /** What the provider calls this event. What happens more than once, an opening, is told apart by it. */
  readonly name: string;
}

/**
 * The report as an event of its delivery. A mail is delivered, bounces or is complained of once, however often and
 * by whomever that is told; it can be opened many times.
 */
export function eventOfReport({ reference, name, ...report }: EmailReport): DeliveryEvent {
  const { messageId, subscriptionId } = reference;
  const { kind } = report;
  const often = kind === 'opened' || kind === 'clicked' ? [name] : [];
  return { ...report, ...reference, id: nameId('email', kind, messageId, subscriptionId, ...often) };
}
