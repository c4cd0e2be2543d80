import { Type } from 'typebox';
import type { Static } from 'typebox';

const textOrNull = Type.Union([Type.String(), Type.Null()]);

/**
 * One event of the feed: `GET /apps/{app_id}/feed`. The id never changes, so a reader that sees an
 * event twice can tell.
 */
export const feedEvent = Type.Object({
  id: Type.String(),
  /** `message.{channel}.{name}`, for instance `message.email.opened`. Readers pass over what they do not know. */
  kind: Type.String(),
  /** ISO 8601 with milliseconds. */
  at: Type.String(),
  message_id: Type.String(),
  template_id: textOrNull,
  subscription_id: Type.String(),
  onesignal_id: textOrNull,
  external_id: textOrNull,
  channel: Type.String(),
  /** The address, where it is still known. */
  address: textOrNull,
  /** Why it failed, in words. */
  reason: textOrNull,
  /** Clicks only: what was clicked. */
  url: textOrNull,
});
export type FeedEvent = Static<typeof feedEvent>;

/** The next events after a cursor, in the order of each user. */
export const feedPage = Type.Object({
  events: Type.Array(feedEvent),
  /** Give it back to read on. Opaque. */
  cursor: Type.String(),
  /** There is more to read at once. */
  has_more: Type.Boolean(),
});
export type FeedPage = Static<typeof feedPage>;
