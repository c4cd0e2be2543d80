import type { FeedEvent } from '@carillon/wire';

/** What is told of an event where nobody has said it in other words, after Standard Webhooks. */
export function plainJson(event: FeedEvent): string {
  return JSON.stringify({ type: event.kind, timestamp: event.at, data: event });
}
