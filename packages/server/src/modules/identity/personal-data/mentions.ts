import type { Person } from './personal-data.ts';

/** What may be said of people in the history of others. */
export interface Mentions {
  /** Every text to look for. */
  readonly texts: readonly string[];
  /** The same without those people; null when nobody of them is in it. */
  without(changes: Readonly<Record<string, unknown>>): Record<string, unknown> | null;
}

/**
 * Ids and addresses name a person wherever they are; the value of an alias does so only under its label,
 * for `42` may be anything.
 */
export function mentionsOf(people: readonly Person[]): Mentions {
  const names = new Set<string>();
  const aliases = new Set<string>();
  for (const person of people) {
    for (const { userId } of person.users) names.add(userId);
    for (const { id } of person.subscriptions) names.add(id);
    for (const address of person.addresses) names.add(address);
    for (const { label, value } of person.aliases) aliases.add(pair(label, value));
  }
  const values = people.flatMap((person) => person.aliases.map(({ value }) => value));
  return {
    texts: [...new Set([...names, ...values])],
    without(changes) {
      const search = { found: false };
      const rest = takeOut(changes, names, aliases, search);
      return search.found ? (rest as Record<string, unknown>) : null;
    },
  };
}

function pair(label: string, value: string): string {
  return JSON.stringify([label, value]);
}

/** Undefined for what has to go: a member, or an entry of a list that has lost something. */
function takeOut(
  value: unknown,
  names: ReadonlySet<string>,
  aliases: ReadonlySet<string>,
  search: { found: boolean },
): unknown {
  if (typeof value === 'string' && names.has(value)) {
    search.found = true;
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.flatMap((entry: unknown) => {
      const inside = { found: false };
      const rest = takeOut(entry, names, aliases, inside);
      search.found ||= inside.found;
      return inside.found ? [] : [rest];
    });
  }
  const kept: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'string' && aliases.has(pair(name, member))) {
      search.found = true;
      continue;
    }
    const rest = takeOut(member, names, aliases, search);
    if (rest !== undefined) kept[name] = rest;
  }
  return kept;
}
