import type { FeedEvent } from '@carillon/wire';
import type { EventRow } from './sql-database.ts';

/** Our words for the last part of an event's kind, where they differ from the wire's. */
const WORDS: Readonly<Record<string, string>> = { received: 'delivered' };

/** `message.email.received` is kept as `delivered`. */
export function kindOf(event: FeedEvent): string {
  const word = event.kind.split('.').at(-1) ?? event.kind;
  return WORDS[word] ?? word;
}

/** An event of the feed as the row of it that is kept. */
export function eventRow(event: FeedEvent): EventRow {
  return {
    id: event.id,
    kind: kindOf(event),
    channel: event.channel,
    at: event.at,
    external_id: event.external_id,
    subscription_id: event.subscription_id,
    message_id: event.message_id,
    template_id: event.template_id,
    address: event.address,
    // Text with a NUL is not text to PostgreSQL.
    reason: event.reason?.replaceAll('\u0000', '') ?? null,
    url: event.url?.replaceAll('\u0000', '') ?? null,
  };
}
