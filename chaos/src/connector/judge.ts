import type { Verdict } from '../scenario.ts';

/** A user as both sides can tell it: one line of text, equal where nothing differs. */
export type Told = ReadonlyMap<string, string>;

export interface Ending {
  readonly kills: number;
  /** By external id: what the model query says, and what the target has. */
  readonly expected: Told;
  readonly users: Told;
  /** Orders that called for an event and for a message. */
  readonly paid: readonly number[];
  readonly shipped: readonly number[];
  /** Orders that the target has an event and a message of, as often as it has. */
  readonly events: readonly number[];
  readonly messages: readonly number[];
}

const SHOWN = 10;

/** Holds what the target has against what the source calls for. */
export function judge(ending: Ending): Verdict {
  const { kills, expected, users } = ending;
  const different = [...expected].filter(([id, told]) => users.get(id) !== told);
  const strangers = [...users.keys()].filter((id) => !expected.has(id));
  const events = compare(ending.paid, ending.events);
  const messages = compare(ending.shipped, ending.messages);
  return {
    figures: {
      kills,
      lost: different.length + events.lost + messages.lost,
      duplicated: events.duplicated + messages.duplicated,
      unaccounted: strangers.length + events.unaccounted + messages.unaccounted,
    },
    broken: [
      ...different
        .slice(0, SHOWN)
        .map(([id, told]) => `user ${id} should be ${told} and is ${users.get(id) ?? 'not there'}`),
      ...strangers.slice(0, SHOWN).map((id) => `user ${id} is there, and no row is`),
      ...sentences('event', events),
      ...sentences('message', messages),
    ],
  };
}

interface Count {
  readonly lost: number;
  readonly duplicated: number;
  readonly unaccounted: number;
}

function compare(called: readonly number[], came: readonly number[]): Count {
  const wanted = new Set(called);
  const known = new Set(came);
  return {
    lost: [...wanted].filter((order) => !known.has(order)).length,
    duplicated: came.length - known.size,
    unaccounted: [...known].filter((order) => !wanted.has(order)).length,
  };
}

function sentences(what: string, count: Count): string[] {
  return Object.entries(count)
    .filter(([, orders]) => orders > 0)
    .map(([kind, orders]) => `${orders} orders with a${what === 'event' ? 'n' : ''} ${what} ${kind}`);
}
