import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { FeedTopic } from './feed-topic.ts';

const all = statement(
  'feed.topics',
  'select topic, wisher from feed_topics where app_id = $1 order by topic, wisher',
);

const drop = statement(
  'feed.drop-topics',
  'delete from feed_topics where app_id = $1 and wisher = $2 and topic <> all ($3)',
);

const add = statement(
  'feed.add-topics',
  `insert into feed_topics (app_id, topic, wisher) select $1, topic, $2 from unnest($3::text[]) topic
   on conflict do nothing`,
);

/** Who wants what: the wisher is `app`, or the id of an event stream. */
export interface TopicWish {
  readonly topic: FeedTopic;
  readonly wisher: string;
}

export function topicsWanted(database: Queryable, appId: string): Promise<TopicWish[]> {
  return database.rows<TopicWish>(all, [appId]);
}

/** From the commit on these are told, and no others for the sake of this wisher. */
export async function wantTopics(
  transaction: Queryable,
  appId: string,
  wisher: string,
  topics: readonly FeedTopic[],
): Promise<void> {
  await transaction.run(drop, [appId, wisher, topics]);
  if (topics.length > 0) await transaction.run(add, [appId, wisher, topics]);
}
