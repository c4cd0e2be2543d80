import { Type } from 'typebox';
import type { Static } from 'typebox';

const topics = Type.Array(Type.Enum(['custom_events', 'subscriptions', 'journeys']), {
  maxItems: 3,
  uniqueItems: true,
});

/** PUT /apps/{app_id}/feed/topics */
export const feedTopicsBody = Type.Object({ topics }, { additionalProperties: false });
export type FeedTopicsBody = Static<typeof feedTopicsBody>;

/** What the feed of an app tells beside what becomes of messages. */
export const feedTopicsAnswer = Type.Object({
  /** What the app has set. */
  topics,
  /** All that is told: what event streams ask for, too. */
  told: topics,
});
export type FeedTopicsAnswer = Static<typeof feedTopicsAnswer>;
