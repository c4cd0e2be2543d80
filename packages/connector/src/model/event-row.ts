import type { FeedEvent } from '@carillon/wire';
import type { EventRow } from './sql-database.ts';
import { storableJson } from './storable.ts';

/** Our words for the last part of an event's kind, where they differ from the wire's. */
const WORDS: Readonly<Record<string, string>> = { received: 'delivered' };

/** `message.email.received` is kept as `delivered`. */
export function kindOf(event: FeedEvent): string {
  const word = event.kind.split('.').at(-1) ?? event.kind;
  return WORDS[word] ?? word;
}

/** An event, of the feed or of a webhook, as the row of it that is kept. */
export function eventRow(event: FeedEvent & Partial<Pick<EventRow, 'campaign' | 'raw'>>): EventRow {
  return storableJson({
    id: event.id,
    kind: kindOf(event),
    // Null only of kinds that have to be asked for, which the connector does not.
    channel: event.channel ?? '',
    at: event.at,
    external_id: event.external_id,
    subscription_id: event.subscription_id,
    message_id: event.message_id,
    template_id: event.template_id,
    address: event.address,
    reason: event.reason,
    url: event.url,
    campaign: event.campaign ?? null,
    raw: event.raw ?? { ...event },
  });
}
