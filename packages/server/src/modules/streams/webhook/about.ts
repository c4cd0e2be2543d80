import type { FeedEvent } from '@carillon/wire';

/** The ids that a request about these events is found by. */
export function aboutOf(events: readonly FeedEvent[]): string[] {
  const ids: string[] = [];
  for (const { id, onesignal_id: user, subscription_id: subscription, message_id: message } of events) {
    ids.push(id);
    if (user !== null) ids.push(user);
    if (subscription !== null) ids.push(subscription);
    if (message !== null) ids.push(message);
  }
  // Of one event they differ.
  return events.length === 1 ? ids : [...new Set(ids)];
}
