import type { Facts, Predicate } from '../../audience/index.ts';

/** A segment as it is asked of many. */
export interface SlottedSegment {
  readonly slot: number;
  readonly predicate: Predicate;
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
 * In which of `segments`, which are in the order of their slots, a user is: in all that are true of any of their
 * subscriptions. `everyFact` is about all of these, or, alone, about a user who has none. Pure.
 */
export function lookAtUser(
  segments: readonly SlottedSegment[],
  everyFact: readonly Facts[],
  now: number,
): Standing {
  const slots: number[] = [];
  let flipAt = Infinity;
  for (const { slot, predicate } of segments) {
    let isIn = false;
    // In by any: out when the last of those is. Out by all: in when the first is.
    let lastOut = -Infinity;
    let firstIn = Infinity;
    for (const facts of everyFact) {
      const until = predicate.staysUntil === null ? Infinity : predicate.staysUntil(facts, now);
      if (!predicate.isTrue(facts, now)) firstIn = Math.min(firstIn, until);
      else {
        isIn = true;
        lastOut = Math.max(lastOut, until);
      }
    }
    if (isIn) slots.push(slot);
    flipAt = Math.min(flipAt, isIn ? lastOut : firstIn);
  }
  return { slots, flipAt: flipAt <= LATEST_MS ? Math.ceil(flipAt) : null };
}
