/** Who is meant: conditions on people, in SQL and in memory. */
export { EVERYONE, NOBODY, isEveryone, isNobody } from './condition.ts';
export type { Audience, Condition, Expression, Slice } from './condition.ts';
export { AudienceCounter } from './audience-counter.ts';
export type { AudiencePart } from './audience-page-store.ts';
export { AudienceReader } from './audience-reader.ts';
export { Parameters, audienceCondition, reachCondition } from './condition-store.ts';
export { DEFAULT_SEGMENT_NAMES, segmentsNamed } from './default-segments.ts';
export { typesOfFlags } from './device-names.ts';
export type { Facts, UserFacts } from './facts.ts';
export { parseFilters } from './filters/parse-filters.ts';
export { isInAudience, matches } from './matches.ts';
export { SLICES, sliceOf } from './slice-hash.ts';
export { withoutEmails } from './without-emails.ts';
