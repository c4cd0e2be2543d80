/** Names for conditions on people, which messages are for. */
export { segmentErasers } from './app-erasers.ts';
export { Memberships } from './memberships.ts';
export { NO_SEGMENTS, segmentsNamed } from './named-segments.ts';
export type { NamedSegments, SavedSegments } from './named-segments.ts';
export { segmentData } from './personal-data.ts';
export { segmentRoutes } from './routes.ts';
export type { SegmentRouteOptions } from './routes.ts';
export { SegmentCounter } from './segment-counter.ts';
export { SegmentPreviews } from './segment-previews.ts';
export { Segments } from './segments.ts';
export { segmentsThatAskFor } from './where-used-store.ts';
