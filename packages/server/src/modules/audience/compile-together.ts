import { compileCondition } from './compile-condition.ts';
import type { Condition, Expression } from './condition.ts';
import type { Facts } from './facts.ts';
import type { Predicate } from './predicate.ts';

/** About expressions, by their places. */
export interface Answers {
  /** 1 where one is true now, otherwise 0. */
  readonly isTrue: Uint8Array;
  /** Milliseconds: until then it is what it is now. Infinity for ever. */
  readonly until: Float64Array;
}

/**
 * Whether expressions are true of any of a user's subscriptions, which `everyFact` is about. The next question writes
 * into the same arrays.
 */
export type AskTogether = (everyFact: readonly Facts[], now: number) => Answers;

/**
 * Expressions as one function, for asking all of them of many users. Each is what `compileExpression` makes of it; a
 * condition that several of them have is evaluated once.
 */
export function compileTogether(expressions: readonly Expression[]): AskTogether {
  const conditions = new Conditions();
  const asked = expressions.map((any) => any.map((all) => all.map((one) => conditions.placeOf(one))));
  const isTrue = new Uint8Array(asked.length);
  const until = new Float64Array(asked.length);

  // True by any: false when the last of those is. False by all: true when the first is.
  const note = (place: number, holds: boolean, end: number) => {
    const known = until[place] ?? Infinity;
    if (isTrue[place] === 0) until[place] = holds ? end : Math.min(known, end);
    else if (holds) until[place] = Math.max(known, end);
    if (holds) isTrue[place] = 1;
  };

  return (everyFact, now) => {
    isTrue.fill(0);
    until.fill(Infinity);
    for (const facts of everyFact) {
      conditions.ask(facts, now);
      for (let place = 0; place < asked.length; place += 1) {
        for (const all of asked[place] ?? []) note(place, conditions.hold(all), conditions.endOf(all));
      }
    }
    return { isTrue, until };
  };
}

/** Different conditions, and what is true of the subscription that was asked about last. */
class Conditions {
  readonly #places = new Map<string, number>();
  readonly #predicates: Predicate[] = [];
  readonly #truths: boolean[] = [];
  readonly #ends: number[] = [];

  placeOf(condition: Condition): number {
    const key = JSON.stringify(condition);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.#predicates.length);
    return this.#predicates.push(compileCondition(condition)) - 1;
  }

  ask(facts: Facts, now: number): void {
    for (let place = 0; place < this.#predicates.length; place += 1) {
      const { isTrue, staysUntil } = this.#predicates[place] as Predicate;
      this.#truths[place] = isTrue(facts, now);
      this.#ends[place] = staysUntil === null ? Infinity : staysUntil(facts, now);
    }
  }

  hold(all: readonly number[]): boolean {
    for (const place of all) if (this.#truths[place] !== true) return false;
    return true;
  }

  /** When all of them hold no more, or may hold: the first true one ends the one, the last false one the other. */
  endOf(all: readonly number[]): number {
    let firstEnd = Infinity;
    let lastBegin = -Infinity;
    for (const place of all) {
      const end = this.#ends[place] ?? Infinity;
      if (this.#truths[place] === true) firstEnd = Math.min(firstEnd, end);
      else lastBegin = Math.max(lastBegin, end);
    }
    return lastBegin > -Infinity ? lastBegin : firstEnd;
  }
}
