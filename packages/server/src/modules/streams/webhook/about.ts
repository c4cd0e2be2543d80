import type { FeedEvent } from '@carillon/wire';

/** The ids that a request about these events is found by. */
export function aboutOf(events: readonly FeedEvent[]): string[] {
  const ids = new Set<string>();
  for (const event of events) {
    for (const id of [event.id, event.onesignal_id, event.subscription_id, event.message_id]) {
      if (id !== null) ids.add(id);
    }
  }
  return [...ids];
}
