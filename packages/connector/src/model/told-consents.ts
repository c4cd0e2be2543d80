import type { FeedEvent } from '@carillon/wire';
import type { ConsentFact } from './consent.ts';
import type { ConsentPlace } from './known-consent.ts';

/** A fact that the messaging layer tells, and of whom. */
export interface ToldConsent {
  readonly fact: ConsentFact;
  readonly places: readonly ConsentPlace[];
}

/** The reason by which a server that gives no `passed_over` says it. */
const SKIPPED = 'the subscription is off';

/**
 * Was somebody passed over who had said no before? Carillon calls that `unsubscribed` as well, and it is no
 * new word: read as one, it would outlive the yes that is on its way to it.
 */
export function isPassedOver({ passed_over, reason }: Pick<FeedEvent, 'passed_over' | 'reason'>): boolean {
  return passed_over ?? reason === SKIPPED;
}

/** What an event says of its person's consent; null for nothing. */
export function toldConsent(event: FeedEvent): ToldConsent | null {
  const type = event.channel === 'email' ? 'Email' : event.channel === 'sms' ? 'SMS' : null;
  const said = type === null ? null : saidBy(event);
  const at = Date.parse(event.at);
  if (type === null || said === null || Number.isNaN(at)) return null;
  const address = event.address?.trim().toLowerCase() ?? '';
  const places: ConsentPlace[] = [];
  // An address that takes nothing says nothing of the next one that its person has.
  if (event.external_id !== null && said.by === 'person')
    places.push({ type, of: 'person', id: event.external_id });
  if (address !== '') places.push({ type, of: 'address', id: address });
  return { fact: { granted: said.granted, at }, places };
}

function saidBy(event: FeedEvent): { by: 'person' | 'address'; granted: boolean } | null {
  const { kind, inbound } = event;
  switch (kind.split('.').at(-1)) {
    case 'unsubscribed':
      return isPassedOver(event) ? null : { by: 'person', granted: false };
    case 'complained':
    case 'reported_as_spam':
      return { by: 'person', granted: false };
    case 'resubscribed':
      return { by: 'person', granted: true };
    case 'bounced':
    case 'hardbounced':
      return { by: 'address', granted: false };
    case 'inbound':
      // A word to one of several numbers leaves the subscription as it is.
      if (inbound?.scope === 'sender') return null;
      if (inbound?.keyword === 'stop') return { by: 'person', granted: false };
      return inbound?.keyword === 'start' ? { by: 'person', granted: true } : null;
    case undefined:
    default:
      return null;
  }
}
