import type { EventAudience } from '../definition/definition.ts';
import { isInAudience } from './early-exit.ts';
import type { LiveJourney } from './journey-index.ts';
import type { KeptEvent } from './run.ts';
import { hasAttributes, textAt } from './test-event.ts';
import type { EntryState } from './working-entry.ts';

/** Whether somebody comes in. */
export type Judgement =
  | { readonly kind: 'enter'; readonly runKey: string | null }
  /** Not now: to be looked at again when the journey goes on. */
  | { readonly kind: 'later' }
  | { readonly kind: 'refuse'; readonly reason: string }
  /** Nothing to tell of: it was no attempt to enter. */
  | { readonly kind: 'nothing' };

/** Of an event with the name that lets users in. `keysInside`: of the runs that the user has in the journey. */
export function judgeEvent(
  { isPaused }: LiveJourney,
  audience: EventAudience,
  event: KeptEvent,
  keysInside: () => ReadonlySet<string | null>,
): Judgement {
  if (!hasAttributes(event.properties, audience.attributes)) {
    return { kind: 'refuse', reason: 'properties do not match' };
  }
  if (isPaused) return { kind: 'refuse', reason: 'journey paused' };
  if (audience.runKey === null) return { kind: 'enter', runKey: null };
  const runKey = textAt(event.properties, audience.runKey);
  if (runKey === null) return { kind: 'refuse', reason: 'no run key in the event' };
  // Kept in an index and shown to people: what is longer names nothing.
  if (runKey.length > 255) return { kind: 'refuse', reason: 'run key too long' };
  return keysInside().has(runKey)
    ? { kind: 'refuse', reason: 'run with this key is inside' }
    : { kind: 'enter', runKey };
}

/** Of somebody whose segments have changed, or who may come in again. */
export function judgeMember(
  { compiled, moves }: LiveJourney,
  memberships: ReadonlySet<string>,
  entry: EntryState | undefined,
  now: number,
): Judgement {
  if (!isInAudience(compiled, memberships)) {
    return isIncluded({ compiled }, memberships)
      ? { kind: 'refuse', reason: 'in an excluded segment' }
      : { kind: 'nothing' };
  }
  if (entry?.inside) return { kind: 'nothing' };
  if (entry?.barred) return { kind: 'refuse', reason: 'was in the segments at the launch' };
  if (entry !== undefined && entry.againAt === null) {
    return { kind: 'refuse', reason: 'was inside, and may not come in again' };
  }
  if (entry !== undefined && (entry.againAt ?? 0) > now) {
    return { kind: 'refuse', reason: 'was inside, and may not come in again yet' };
  }
  return moves ? { kind: 'enter', runKey: null } : { kind: 'later' };
}

function isIncluded({ compiled }: Pick<LiveJourney, 'compiled'>, memberships: ReadonlySet<string>): boolean {
  const { audience } = compiled.definition;
  return audience.kind === 'segment' && audience.includedSegmentIds.some((id) => memberships.has(id));
}
