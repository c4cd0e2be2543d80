export { askDataFeed } from './ask-data-feed.ts';
export type { DataFeedAnswer } from './ask-data-feed.ts';
export type { DataFeed } from './data-feed.ts';
export { DataFeeds } from './data-feeds.ts';
export { dataFeedRoutes } from './routes.ts';
