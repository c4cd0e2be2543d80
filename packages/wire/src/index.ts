export * from './api-key.ts';
export * from './app.ts';
export { basicErrorBody, structuredErrorBody } from './error-bodies.ts';
export type { BasicErrorBody, StructuredError, StructuredErrorBody } from './error-bodies.ts';
export { catalogue } from './errors.ts';
export type { ErrorCode, ErrorEntry } from './errors.ts';
export * from './subscription.ts';
export * from './user.ts';
export type { FeedEvent, FeedPage } from './feed-event.ts';
export {
  createCustomEventsAnswer,
  createCustomEventsBody,
  customEventInput,
  customEventRefusal,
} from './custom-event.ts';
export type {
  CreateCustomEventsAnswer,
  CreateCustomEventsBody,
  CustomEventInput,
  CustomEventProperties,
  CustomEventRefusal,
} from './custom-event.ts';
