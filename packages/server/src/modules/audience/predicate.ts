import type { Facts } from './facts.ts';

/** What is true of a subscription and its user, or not, and for how long while nothing about them changes. */
export interface Predicate {
  /** `now` in milliseconds, as everywhere here. */
  readonly isTrue: (facts: Facts, now: number) => boolean;
  /**
   * The first moment after `now` at which `isTrue` may be another one; until then it is what it is now. Infinity for
   * never. Null where time changes nothing.
   */
  readonly staysUntil: ((facts: Facts, now: number) => number) | null;
}

export const ALWAYS: Predicate = { isTrue: () => true, staysUntil: null };
export const NEVER: Predicate = { isTrue: () => false, staysUntil: null };

/** Of all of `parts`; none is everyone. */
export function allOf(parts: readonly Predicate[]): Predicate {
  if (parts.length === 1) return parts[0] as Predicate;
  if (parts.length === 0) return ALWAYS;
  return {
    isTrue: (facts, now) => {
      for (const part of parts) if (!part.isTrue(facts, now)) return false;
      return true;
    },
    staysUntil: isTimeless(parts) ? null : (facts, now) => untilOf(parts, false, facts, now),
  };
}

/** Of any of `parts`; none is nobody. */
export function anyOf(parts: readonly Predicate[]): Predicate {
  if (parts.length === 1) return parts[0] as Predicate;
  if (parts.length === 0) return NEVER;
  return {
    isTrue: (facts, now) => {
      for (const part of parts) if (part.isTrue(facts, now)) return true;
      return false;
    },
    staysUntil: isTimeless(parts) ? null : (facts, now) => untilOf(parts, true, facts, now),
  };
}

/** What it takes to end `deciding`, the value of one part that decides for all of them: all such parts must change. */
function untilOf(parts: readonly Predicate[], deciding: boolean, facts: Facts, now: number): number {
  let lastDecider = -Infinity;
  let firstOther = Infinity;
  for (const part of parts) {
    const until = part.staysUntil === null ? Infinity : part.staysUntil(facts, now);
    if (part.isTrue(facts, now) === deciding) lastDecider = Math.max(lastDecider, until);
    else firstOther = Math.min(firstOther, until);
  }
  return lastDecider > -Infinity ? lastDecider : firstOther;
}

function isTimeless(parts: readonly Predicate[]): boolean {
  return parts.every(({ staysUntil }) => staysUntil === null);
}
