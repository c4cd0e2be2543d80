import { compileTogether } from '../../audience/index.ts';
import type { AskTogether, Expression, Facts } from '../../audience/index.ts';

/** Which segments a user was in at a moment, and until when that is so while nothing else happens. */
export interface Standing {
  readonly segmentIds: ReadonlySet<string>;
  /** Milliseconds; Infinity for ever. */
  readonly until: number;
}

/** Segments as they are asked of many users at many moments. */
export interface CompiledSegments {
  /** In the order of the answers. */
  readonly ids: readonly string[];
  readonly ask: AskTogether;
}

export function compileSegments(meanings: ReadonlyMap<string, Expression>): CompiledSegments {
  return { ids: [...meanings.keys()], ask: compileTogether([...meanings.values()]) };
}

/**
 * Where a user stood at a moment, by what is known of them today, without the events that came later, and with `tags`
 * in the place of theirs. `everyFact`: about each of their subscriptions.
 */
export function standingAt(
  { ids, ask }: CompiledSegments,
  everyFact: readonly Facts[],
  tags: Readonly<Record<string, string>>,
  at: number,
): Standing {
  const then = everyFact.map((facts) => factsAt(facts, tags, at));
  const { isTrue, until } = ask(then, at);
  return {
    segmentIds: new Set(ids.filter((_, place) => isTrue[place] === 1)),
    until: Math.ceil(Math.min(Infinity, ...until)),
  };
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
