/** What an app may want to be told beside what becomes of messages. Nobody pays for it who does not ask. */
export type FeedTopic = 'custom_events' | 'subscriptions' | 'journeys';

/** The kinds of each topic. Those of messages are in no topic: they are always told. */
export const KINDS_OF_TOPICS: Readonly<Record<FeedTopic, readonly string[]>> = {
  custom_events: ['custom_event'],
  subscriptions: ['subscription.created', 'subscription.opted_in', 'subscription.opted_out'],
  journeys: ['journey.entered', 'journey.exited'],
};

export const FEED_TOPICS = Object.keys(KINDS_OF_TOPICS) as FeedTopic[];

/** The topics of which `passes` lets any kind through. */
export function topicsOf(passes: (kind: string) => boolean): FeedTopic[] {
  return FEED_TOPICS.filter((topic) => KINDS_OF_TOPICS[topic].some(passes));
}
