import type { FilterEntry } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import { NOBODY, isEveryone, parseFilters } from '../../audience/index.ts';
import type { Audience } from '../../audience/index.ts';
import { NO_SEGMENTS, segmentsNamed } from '../../segments/index.ts';
import type { NamedSegments, SavedSegments } from '../../segments/index.ts';
import { wrong } from '../wrong-field.ts';

/** The fields that say whom an audience includes, and whom not. */
export interface AudienceFields {
  readonly included_segments?: readonly string[] | null | undefined;
  readonly excluded_segments?: readonly string[] | null | undefined;
  readonly filters?: readonly FilterEntry[] | null | undefined;
}

/** The segments that an app has saved under some names. */
export type FindSegments = (appId: string, names: readonly string[]) => Promise<SavedSegments>;

/** So many names: every one is a condition of the statement. */
const MOST_SEGMENTS = 100;

/** Names of segments in a request. */
export function segmentNamesIn({ included_segments, excluded_segments }: AudienceFields): readonly string[] {
  return [...(included_segments ?? []), ...(excluded_segments ?? [])];
}

/**
 * The audience of a request, null where it is everyone who can be reached. `saved` are the app's segments of the
 * names in it. A name of no segment includes nobody, as documented, and is told in a warning; among those to leave
 * out it makes the whole message one for nobody, because it would go to whom it must not. Throws ApiError.
 */
export function parseAudience(
  body: AudienceFields,
  saved: SavedSegments = NO_SEGMENTS,
): {
  readonly audience: Audience | null;
  readonly warnings: readonly string[];
} {
  const included = segmentsOf('included_segments', body, saved);
  const excluded = segmentsOf('excluded_segments', body, saved);
  const filters = body.filters ?? [];
  const asked = body.included_segments ?? null;
  if (asked !== null && asked.length === 0 && filters.length === 0) throw new ApiError('message-targeting');
  const meant = filters.length > 0 ? parseFilters(filters) : included.any;
  const audience = {
    include: excluded.unknown.length > 0 ? NOBODY : meant,
    exclude: excluded.any,
    only: [],
  };
  return {
    audience: isEveryone(audience) ? null : audience,
    warnings: [...warningsOf('included_segments', included), ...warningsOf('excluded_segments', excluded)],
  };
}

type SegmentField = 'included_segments' | 'excluded_segments';

function warningsOf(field: SegmentField, { unknown }: NamedSegments): readonly string[] {
  return unknown.map((name) => `${field}: this app has no segment named ${name}`);
}

function segmentsOf(field: SegmentField, body: AudienceFields, saved: SavedSegments): NamedSegments {
  const names = body[field] ?? [];
  if (names.length > MOST_SEGMENTS) {
    throw wrong(field, `can hold at most ${MOST_SEGMENTS} names; it has ${names.length}`);
  }
  const named = segmentsNamed(names, saved);
  if (named.paused.length > 0) {
    throw wrong(field, `must not name a paused segment: ${named.paused.join(', ')}. Resume it first`);
  }
  return named;
}
