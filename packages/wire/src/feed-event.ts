import { Type } from 'typebox';
import type { Static } from 'typebox';

const textOrNull = Type.Union([Type.String(), Type.Null()]);

/** A text from a person. Null once the person is erased. */
const inboundText = Type.Union([
  Type.Object({
    from: Type.String(),
    /** Which of the app's numbers got it. */
    to: Type.String(),
    text: Type.String(),
    /** Addresses of pictures and files that came with it, as the provider has them. */
    media_urls: Type.Array(Type.String()),
    /** Of a long text that came in pieces, which this is: those with one reference belong together. */
    part: Type.Union([
      Type.Object({ reference: Type.Integer(), number: Type.Integer(), total: Type.Integer() }),
      Type.Null(),
    ]),
    /** `stop`, `start` or `help`, where it was taken for one. */
    keyword: textOrNull,
    /** Of a `stop` or a `start`: whether it was about the whole `app`, or about the number that it was sent to (`sender`). */
    scope: textOrNull,
    /** Whether it was to be answered, which is tried once. */
    answered: Type.Boolean(),
  }),
  Type.Null(),
]);

/**
 * One event of the feed: `GET /apps/{app_id}/feed`. The id never changes, so a reader that sees an
 * event twice can tell.
 */
export const feedEvent = Type.Object({
  id: Type.String(),
  /** `message.{channel}.{name}`, for instance `message.email.opened`; or one of a topic, which has to be asked for. Readers pass over what they do not know. */
  kind: Type.String(),
  /** ISO 8601 with milliseconds. */
  at: Type.String(),
  /** Null for what a person has texted: it is about no message of ours. */
  message_id: textOrNull,
  /** What the message is called, where it has a name. */
  message_name: textOrNull,
  template_id: textOrNull,
  /** Null for a text from a number that no subscription has. */
  subscription_id: textOrNull,
  onesignal_id: textOrNull,
  external_id: textOrNull,
  /** Null for what is about no channel: custom events, journeys. */
  channel: textOrNull,
  /** The address, where it is still known. */
  address: textOrNull,
  /** Why it failed, in words. */
  reason: textOrNull,
  /**
   * `unsubscribed` only: true where nobody has said anything, and a delivery was passed over because its
   * subscription was off already; false where it is somebody's word.
   */
  passed_over: Type.Optional(Type.Boolean()),
  /** Clicks only: what was clicked. */
  url: textOrNull,
  /** `message.sms.inbound` only: what a person has texted. */
  inbound: Type.Optional(inboundText),
  /** `custom_event`, `subscription.*` and `journey.*` only: what they say. Null once the person is erased. */
  data: Type.Optional(Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()])),
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
