import type { CompiledJourney } from './compile-definition.ts';
import { tag } from './do-task.ts';
import type { ExitReason, Input, Step } from './run.ts';
import { isEvent } from './test-event.ts';
import type { Walk } from './walk.ts';

/** Why what has come ends a run; null when it does not. */
export function exitReason(walk: Walk, input: Input): ExitReason | null {
  const { earlyExit } = walk.journey.definition;
  if (earlyExit === null) return null;
  switch (input.kind) {
    case 'session':
      return earlyExit.onSession ? 'session' : null;
    case 'event':
      return earlyExit.onEvent !== null && isEvent(earlyExit.onEvent, input.event, walk.entry)
        ? 'event'
        : null;
    case 'segments':
      if (earlyExit.onSegmentIds.some((id) => input.entered.includes(id))) return 'segment';
      return earlyExit.whenNotInAudience && !isInAudience(walk.journey, walk.facts.memberships)
        ? 'not in audience'
        : null;
    case 'enter':
    case 'message':
    case 'timer':
    case 'stop':
      return null;
  }
}

/** Why whoever comes in leaves again, behind the first step; null for whoever stays. */
export function exitReasonAtEntry({ journey, facts }: Walk): ExitReason | null {
  const { earlyExit } = journey.definition;
  return earlyExit?.onSegmentIds.some((id) => facts.memberships.has(id)) ? 'segment' : null;
}

/** Of a journey with an audience of segments: whether one of them lets in and none keeps out. */
export function isInAudience({ definition }: CompiledJourney, memberships: ReadonlySet<string>): boolean {
  const { audience } = definition;
  if (audience.kind !== 'segment') return true;
  return (
    audience.includedSegmentIds.some((id) => memberships.has(id)) &&
    !audience.excludedSegmentIds.some((id) => memberships.has(id))
  );
}

/** Ends a run at a node, with the tags of an early exit. */
export function exitEarly(walk: Walk, node: number, reason: ExitReason): Step {
  walk.tell(node, 'exited early', { reason });
  const tags = walk.journey.definition.earlyExit?.tags ?? {};
  // Over the limit nothing is set, and the exit is one all the same.
  if (!walk.isHeldOut) tag(walk, node, tags);
  return walk.finish();
}
