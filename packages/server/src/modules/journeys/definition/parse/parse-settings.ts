import type { EarlyExit, Goal } from '../definition.ts';
import type { Member } from './member.ts';
import { MOST_SEGMENTS } from './parse-audience.ts';
import { EVENT_MEMBERS, parseEventTest } from './parse-attributes.ts';

/** A year of 365.2425 days: the longest that anything is waited for. */
export const YEAR_SECONDS = 31_556_952;
/** Of tags: how many are set at once, and how long they are. */
export const TAGS = { most: 100, name: 255, text: 1_024 };

export function parseEarlyExit(member: Member): EarlyExit | null {
  if (member.isAbsent) return null;
  member.only('rules', 'tag_on_early_exit');
  const tags = member.at('tag_on_early_exit').texts(TAGS);
  const rules = member.at('rules');
  if (rules.isAbsent) {
    return { onSegmentIds: [], whenNotInAudience: false, onSession: false, onEvent: null, tags };
  }
  rules.only('on_segment', 'when_not_in_audience', 'on_session', 'on_event');
  const onSegment = rules.at('on_segment');
  const onEvent = rules.at('on_event');
  return {
    onSegmentIds: onSegment.isAbsent
      ? []
      : onSegment.only('included_segment_ids').at('included_segment_ids').ids(MOST_SEGMENTS),
    whenNotInAudience: rules.at('when_not_in_audience').flag(),
    onSession: rules.at('on_session').flag(),
    onEvent: onEvent.isAbsent ? null : parseEventTest(onEvent.only(...EVENT_MEMBERS)),
    tags,
  };
}

/** Seconds; null: never again. */
export function parseReentry(member: Member): number | null {
  if (member.isAbsent) return null;
  return member
    .only('duration_seconds')
    .at('duration_seconds')
    .whole(600, 10 * YEAR_SECONDS);
}

export function parseGoal(member: Member): Goal | null {
  if (member.isAbsent) return null;
  member.only('event', 'within_seconds');
  return {
    event: parseEventTest(member.at('event').only(...EVENT_MEMBERS)),
    withinSeconds: member.at('within_seconds').whole(60, YEAR_SECONDS),
  };
}

export function parseHoldOut(member: Member): number {
  return member.isAbsent ? 0 : member.whole(0, 99);
}
