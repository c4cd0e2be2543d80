export { Client } from './client.ts';
export type { ClientOptions } from './client.ts';
export { CallFailed, describeFailure, mayRetry, required } from './failure.ts';
export type { Answer, ErrorLine, Failure } from './failure.ts';
export type { FeedQuery, FollowOptions } from './resources/feed.ts';
export type { Alias } from './resources/users.ts';
export type { RetryPolicy } from './retry.ts';
export type { CreatedMessage, CustomEventInput, JourneyInput, MessageInput } from './shapes.ts';
