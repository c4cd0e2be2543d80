export { APPEND_NEWS } from './feed-store.ts';
export { decodeFeedCursor, encodeFeedCursor, FEED_START } from './feed-cursor.ts';
export type { FeedCursor } from './feed-cursor.ts';
export { feedEnd, readFeed } from './read-feed.ts';
export type { FeedPage, FeedSlice } from './read-feed.ts';
export type { DeliveriesBatch, EventsBatch, FeedBatch, FeedEvent } from './feed-batch.ts';
export { feedErasers } from './app-erasers.ts';
export { feedData } from './personal-data-store.ts';
