import type { JourneyNode } from '../definition.ts';
import type { Tell } from './complaint.ts';
import type { JourneyFacts } from './journey-facts.ts';

/** Complains of segments that are not there or are paused. `path` is that of the list. */
export function checkSegments(
  ids: readonly string[],
  path: string,
  facts: JourneyFacts,
  tell: Tell,
  node?: JourneyNode,
): void {
  for (const [index, id] of ids.entries()) {
    const segment = facts.segments.get(id);
    const here = `${path}[${index}]`;
    if (segment === undefined) {
      tell('error', here, `there is no segment ${id}`, 'name one that the list of segments shows', node);
    } else if (!segment.isActive) {
      tell('error', here, `the segment ${id} is paused`, 'resume it, or name another one', node);
    }
  }
}
