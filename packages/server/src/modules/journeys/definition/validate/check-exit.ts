import type { Definition, EventTest } from '../definition.ts';
import { checkSegments } from './check-segments.ts';
import type { Tell } from './complaint.ts';
import type { JourneyFacts } from './journey-facts.ts';

const RULES = 'early_exit.rules';

/** When runs end before their time, and what is counted of them. */
export function checkExit(definition: Definition, facts: JourneyFacts, tell: Tell): void {
  const { audience, earlyExit, goal, holdOutPercent } = definition;
  if (earlyExit !== null) {
    const { onSegmentIds, whenNotInAudience, onEvent } = earlyExit;
    checkSegments(onSegmentIds, `${RULES}.on_segment.included_segment_ids`, facts, tell);
    if (whenNotInAudience && audience.kind !== 'segment') {
      tell(
        'error',
        `${RULES}.when_not_in_audience`,
        'an event is nothing that a user can stop being in',
        'set it to false, or let users in by segments',
      );
    }
    if (audience.kind === 'segment') checkSameSegment(audience.includedSegmentIds, onSegmentIds, tell);
    if (onEvent !== null) checkMatch(onEvent, `${RULES}.on_event`, definition, tell);
    if (audience.kind === 'event_trigger' && onEvent?.name === audience.name) {
      tell(
        'warning',
        `${RULES}.on_event.name`,
        `${onEvent.name} lets users in and ends the runs that are inside: each event begins anew`,
        'leave it so to restart; else name another event, or tell them apart by attributes',
      );
    }
  }
  if (goal !== null) checkMatch(goal.event, 'goal.event', definition, tell);
  if (holdOutPercent > 0 && goal === null) {
    tell(
      'warning',
      'hold_out_percent',
      'without a goal nothing is compared between those who are held out and the others',
      'add a goal',
    );
  }
}

/** A property can be that of the entry event only where an event lets in. */
export function checkMatch(
  { matchEntry }: EventTest,
  path: string,
  { audience }: Definition,
  tell: Tell,
  node?: Parameters<Tell>[4],
): void {
  if (matchEntry.length === 0 || audience.kind === 'event_trigger') return;
  tell(
    'error',
    `${path}.entry_event_match_attributes`,
    'there is no event that let the user in: the audience is of segments',
    'remove it, or let users in by an event',
    node,
  );
}

function checkSameSegment(included: readonly string[], onSegmentIds: readonly string[], tell: Tell): void {
  const index = onSegmentIds.findIndex((id) => included.includes(id));
  if (index < 0) return;
  tell(
    'warning',
    `${RULES}.on_segment.included_segment_ids[${index}]`,
    'the segment lets users in as well: they take the first step and are out again',
    'exclude another segment from the audience instead, or begin with a wait',
  );
}
