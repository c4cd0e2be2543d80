/** The kind of a row of the inbox that says where a user is now. Its payload is a `SegmentNews`. */
export const SEGMENT_KIND = 'segment';

/** Ids of segments that are live; at least one is in one of the lists. */
export interface SegmentNews {
  readonly entered: readonly string[];
  readonly left: readonly string[];
}

/** The kind of a row that says that a user became active, where that is watched. Its payload is `{}`. */
export const SESSION_KIND = 'session';
