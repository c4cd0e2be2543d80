import type { AskTogether, Facts } from '../../audience/index.ts';

/** Segments that are asked together. */
export interface SlottedSegments {
  /** Ascending: at the place of a slot is what `ask` answers for it. */
  readonly slots: readonly number[];
  readonly ask: AskTogether;
}

/** Where a user is, and how long that is known. */
export interface Standing {
  /** Slots of the segments, in their order. */
  readonly slots: readonly number[];
  /** Until then the same, while nothing about the user changes. Milliseconds; null for ever. */
  readonly flipAt: number | null;
}

/** Farther off than any date. */
const LATEST_MS = 8.64e15;

/**
 * In which of the segments a user is: in all that are true of any of their subscriptions. `everyFact` is about all of
 * these, or, alone, about a user who has none.
 */
export function lookAtUser(
  { slots, ask }: SlottedSegments,
  everyFact: readonly Facts[],
  now: number,
): Standing {
  const { isTrue, until } = ask(everyFact, now);
  let flipAt = Infinity;
  for (const end of until) if (end < flipAt) flipAt = end;
  return {
    slots: slots.filter((_, place) => isTrue[place] === 1),
    flipAt: flipAt <= LATEST_MS ? Math.ceil(flipAt) : null,
  };
}
