export { LoadFailed } from './bulk/upsert-many.ts';
export type { UpsertBatch, UpsertManyOptions, UpsertResult } from './bulk/upsert-many.ts';
export { Client } from './client.ts';
export type { ClientOptions } from './client.ts';
export { CallFailed, describeFailure, mayRetry, required } from './failure.ts';
export type { Answer, ErrorLine, Failure } from './failure.ts';
export type { FeedQuery, FollowOptions } from './resources/feed.ts';
export type { OutcomeQuery, ReportedOutcome } from './resources/outcomes.ts';
export type { AuditLogQuery } from './resources/organizations.ts';
export type { JourneyPatch } from './resources/journeys.ts';
export type { Alias } from './resources/users.ts';
export type { RetryPolicy } from './retry.ts';
/** Shapes of answers, for callers that name them. */
export type {
  Erasure,
  FeedEvent,
  FeedPage,
  ImportView,
  Journey,
  JourneyInput,
  MessageView,
  OutcomeSum,
  SegmentMember,
  SegmentMembers,
  SegmentView,
  TemplateView,
  User,
  UserChange,
  UserExport,
  UserSearchQuery,
  UserSegments,
} from '@carillon/wire';
export type { CountInput, CreatedMessage, CustomEventInput, Filter, MessageInput } from './shapes.ts';
