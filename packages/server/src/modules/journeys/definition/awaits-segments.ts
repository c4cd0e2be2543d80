import type { Definition, Journey } from './definition.ts';
import { isLive } from './journey-states.ts';
import { namedBy } from './validate/journey-facts.ts';

/**
 * Whether a journey that is changed to this has to wait until it is known who is in its segments: it goes live
 * and names some, or it is live and names one that it did not name before. Whether that is known already is not
 * asked here: the worker looks with its next batch, and lets it go on.
 */
export function awaitsSegments(
  before: Journey,
  { state, definition }: Pick<Journey, 'state'> & { readonly definition: Definition },
): boolean {
  if (!isLive(state)) return false;
  const named = namedBy(definition).segmentIds;
  if (!isLive(before.state)) return named.length > 0;
  const known = new Set(namedBy(before.definition).segmentIds);
  return before.awaitsSegments || named.some((id) => !known.has(id));
}
