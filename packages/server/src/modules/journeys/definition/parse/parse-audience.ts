import type { Audience } from '../definition.ts';
import type { Member } from './member.ts';
import { parseAttributes } from './parse-attributes.ts';

/** Of one list. */
export const MOST_SEGMENTS = 100;

/** Who comes in. Lists may be empty while the journey is a draft. */
export function parseAudience(member: Member): Audience {
  switch (member.at('kind').oneOf(['segment', 'event_trigger'])) {
    case 'segment':
      member.only('kind', 'included_segment_ids', 'excluded_segment_ids', 'future_additions_only');
      return {
        kind: 'segment',
        includedSegmentIds: member.at('included_segment_ids').ids(MOST_SEGMENTS),
        excludedSegmentIds: member.at('excluded_segment_ids').ids(MOST_SEGMENTS),
        futureAdditionsOnly: member.at('future_additions_only').flag(),
      };
    case 'event_trigger':
      member.only('kind', 'name', 'attributes', 'run_key');
      return {
        kind: 'event_trigger',
        name: member.at('name').text(255),
        attributes: parseAttributes(member.at('attributes')),
        runKey: member.at('run_key').isAbsent ? null : member.at('run_key').text(255),
      };
  }
}
