/**
 * One event of the feed: `GET /apps/{app_id}/feed`. The id never changes, so a reader that sees an
 * event twice can tell.
 */
export interface FeedEvent {
  readonly id: string;
  /** `message.{channel}.{name}`, for instance `message.email.opened`. Readers pass over what they do not know. */
  readonly kind: string;
  /** ISO 8601 with milliseconds. */
  readonly at: string;
  readonly message_id: string;
  readonly template_id: string | null;
  readonly subscription_id: string;
  readonly onesignal_id: string | null;
  readonly external_id: string | null;
  readonly channel: string;
  /** The address as it was used, where it is still known. */
  readonly address: string | null;
  /** Why it failed, in words. */
  readonly reason: string | null;
  /** Clicks only: what was clicked. */
  readonly url: string | null;
}

/** The next events after a cursor, in the order of each user. */
export interface FeedPage {
  readonly events: readonly FeedEvent[];
  /** Give it back to read on. Opaque. */
  readonly cursor: string;
  /** There is more to read at once. */
  readonly has_more: boolean;
}
