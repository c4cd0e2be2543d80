import { compileExpression } from '../../audience/index.ts';
import type { Expression, Facts, Predicate } from '../../audience/index.ts';

/** Which segments a user was in at a moment, and until when that is so while nothing else happens. */
export interface Standing {
  readonly segmentIds: ReadonlySet<string>;
  /** Milliseconds; Infinity for ever. */
  readonly until: number;
}

/** Segments as they are asked of many users at many moments. */
export type CompiledSegments = readonly { readonly id: string; readonly predicate: Predicate }[];

export function compileSegments(meanings: ReadonlyMap<string, Expression>): CompiledSegments {
  return [...meanings].map(([id, expression]) => ({ id, predicate: compileExpression(expression) }));
}

/**
 * Where a user stood at a moment, by what is known of them today, without the events that came later, and with `tags`
 * in the place of theirs. `everyFact`: about each of their subscriptions.
 */
export function standingAt(
  segments: CompiledSegments,
  everyFact: readonly Facts[],
  tags: Readonly<Record<string, string>>,
  at: number,
): Standing {
  const then = everyFact.map((facts) => factsAt(facts, tags, at));
  const segmentIds = new Set<string>();
  let until = Infinity;
  for (const { id, predicate } of segments) {
    if (then.some((facts) => predicate.isTrue(facts, at))) segmentIds.add(id);
    for (const facts of predicate.staysUntil === null ? [] : then) {
      until = Math.min(until, predicate.staysUntil?.(facts, at) ?? Infinity);
    }
  }
  return { segmentIds, until: Math.ceil(until) };
}

/** When something happened that conditions ask for. */
export function momentsOf(everyFact: readonly Facts[]): readonly number[] {
  return everyFact.flatMap(({ user }) => [...user.customEvents, ...user.messageEvents].map(({ at }) => at));
}

function factsAt(facts: Facts, tags: Readonly<Record<string, string>>, at: number): Facts {
  const { user } = facts;
  return {
    ...facts,
    user: {
      ...user,
      tags,
      customEvents: user.customEvents.filter((event) => event.at <= at),
      messageEvents: user.messageEvents.filter((event) => event.at <= at),
    },
  };
}
