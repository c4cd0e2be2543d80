/** Who is meant: conditions on people, in SQL and in memory. */
export { EVERYONE, NOBODY, isEveryone, isNobody } from './condition.ts';
export type { Audience, Condition, Expression, MessageEvent, Slice } from './condition.ts';
export { AudienceCounter } from './audience-counter.ts';
export type { AudiencePart } from './audience-page-store.ts';
export { AudienceReader } from './audience-reader.ts';
export { audienceCondition, reachCondition } from './condition-store.ts';
export { typesOfFlags } from './device-names.ts';
export { compareTexts, isSameText, propertyAt, textOf } from './event-property.ts';
export type { Facts, UserFacts } from './facts.ts';
export { MOST_FILTERS, parseFilters } from './filters/parse-filters.ts';
export { lookUpSegments } from './look-up-segments.ts';
export { isInAudience, matches } from './matches.ts';
export type { AskedMessageEvents, AudienceSources, MessageEventRows } from './sources.ts';
export { SLICES, sliceOf } from './slice-hash.ts';
export { withoutEmails } from './without-emails.ts';
export { readTruths } from './user-conditions-store.ts';
export type { SubscriptionTruths } from './user-conditions-store.ts';
export { Parameters } from './sql-parts-store.ts';
