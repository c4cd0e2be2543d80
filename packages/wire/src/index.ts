export { catalogue } from './errors.ts';
export type { ErrorCode, ErrorEntry } from './errors.ts';
export * from './subscription.ts';
export * from './user.ts';
export type { FeedEvent, FeedPage } from './feed-event.ts';
