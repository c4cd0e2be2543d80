import type { Definition } from '../definition.ts';
import { checkSegments } from './check-segments.ts';
import type { Tell } from './complaint.ts';
import type { JourneyFacts } from './journey-facts.ts';

/** Who comes in, and when again. */
export function checkEntry({ audience, reentrySeconds }: Definition, facts: JourneyFacts, tell: Tell): void {
  if (audience.kind === 'event_trigger') {
    if (reentrySeconds !== null) {
      tell(
        'warning',
        'reentry_rules',
        'each event lets its user in again, whatever is said here',
        'remove it; audience.run_key keeps a second run of the same thing out',
      );
    }
    return;
  }
  const { includedSegmentIds, excludedSegmentIds } = audience;
  if (includedSegmentIds.length === 0) {
    tell(
      'error',
      'audience.included_segment_ids',
      'nobody can come in: it names no segment',
      'name at least one segment',
    );
  }
  checkSegments(includedSegmentIds, 'audience.included_segment_ids', facts, tell);
  checkSegments(excludedSegmentIds, 'audience.excluded_segment_ids', facts, tell);
  const both = excludedSegmentIds.findIndex((id) => includedSegmentIds.includes(id));
  if (both >= 0) {
    tell(
      'warning',
      `audience.excluded_segment_ids[${both}]`,
      'the segment is included too: it lets nobody in',
      'remove it from one of the lists',
    );
  }
}
