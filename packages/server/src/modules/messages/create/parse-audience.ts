import type { FilterEntry } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import { DEFAULT_SEGMENT_NAMES, isEveryone, parseFilters, segmentsNamed } from '../../audience/index.ts';
import type { Audience } from '../../audience/index.ts';
import { wrong } from '../wrong-field.ts';

/** The fields that say whom an audience includes, and whom not. */
export interface AudienceFields {
  readonly included_segments?: readonly string[] | null | undefined;
  readonly excluded_segments?: readonly string[] | null | undefined;
  readonly filters?: readonly FilterEntry[] | null | undefined;
}

/** So many names: every one is a condition of the statement. */
const MOST_SEGMENTS = 100;

/**
 * The audience of a request, null where it is everyone who can be reached. A name of no segment includes
 * nobody, as documented, and is told in a warning; among those to leave out it is refused, because the message
 * would go to whom it must not. Throws ApiError.
 */
export function parseAudience(body: AudienceFields): {
  readonly audience: Audience | null;
  readonly warnings: readonly string[];
} {
  const included = segmentsOf('included_segments', body);
  const excluded = segmentsOf('excluded_segments', body);
  if (excluded.unknown.length > 0) {
    const known = DEFAULT_SEGMENT_NAMES.join(', ');
    throw wrong(
      'excluded_segments',
      `must name segments of this app (${known}); ${excluded.unknown.join(', ')} is none`,
    );
  }
  const filters = body.filters ?? [];
  const asked = body.included_segments ?? null;
  if (asked !== null && asked.length === 0 && filters.length === 0) throw new ApiError('message-targeting');
  const audience = {
    include: filters.length > 0 ? parseFilters(filters) : included.any,
    exclude: excluded.any,
    only: [],
  };
  return {
    audience: isEveryone(audience) ? null : audience,
    warnings: included.unknown.map((name) => `included_segments: this app has no segment named ${name}`),
  };
}

function segmentsOf(field: 'included_segments' | 'excluded_segments', body: AudienceFields) {
  const names = body[field] ?? [];
  if (names.length > MOST_SEGMENTS) {
    throw wrong(field, `can hold at most ${MOST_SEGMENTS} names; it has ${names.length}`);
  }
  return segmentsNamed(names);
}
