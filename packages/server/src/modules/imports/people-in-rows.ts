import type { Person } from '../identity/index.ts';
import type { Column } from './columns.ts';
import { FORMER_ID_LABEL } from './meaning.ts';

/**
 * Finds people in the rows of a file. Ids and addresses name a person in whatever column they are; the value of an
 * alias does so only in a column that means it, for `42` may be anything.
 */
export class PeopleInRows {
  readonly #labels: readonly (string | null)[];
  readonly #names = new Map<string, number>();
  readonly #aliases = new Map<string, number>();

  constructor(columns: readonly Column[], people: readonly Person[]) {
    this.#labels = columns.map(labelOf);
    for (const [place, { users, subscriptions, addresses, aliases }] of people.entries()) {
      for (const { userId } of users) this.#names.set(userId, place);
      for (const { id } of subscriptions) this.#names.set(id, place);
      for (const address of addresses) this.#names.set(address.toLowerCase(), place);
      for (const { label, value } of aliases) this.#aliases.set(pair(label, value), place);
    }
  }

  /** The place of somebody whom a row names; null when it names none of them. */
  whose(fields: readonly string[]): number | null {
    for (const [place, field] of fields.entries()) {
      const value = field.trim();
      if (value === '') continue;
      const found = this.#names.get(plain(value)) ?? this.#byAlias(this.#labels[place] ?? null, value);
      if (found !== undefined) return found;
    }
    return null;
  }

  #byAlias(label: string | null, value: string): number | undefined {
    if (label === null) return undefined;
    if (label !== MANY) return this.#aliases.get(pair(label, value));
    for (const [one, of] of membersOf(value)) {
      const found = this.#aliases.get(pair(one, String(of)));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** Of a column that has several aliases, as JSON. No label has this name. */
const MANY = '';

function labelOf({ meaning }: Column): string | null {
  switch (meaning.kind) {
    case 'alias':
      return meaning.label;
    case 'tag':
      return null;
    case 'word':
      if (meaning.word === 'external_id') return 'external_id';
      if (meaning.word === 'former_onesignal_id') return FORMER_ID_LABEL;
      return meaning.word === 'aliases' ? MANY : null;
  }
}

/** As addresses are stored: in lower case, and a phone number without what people put between its digits. */
function plain(value: string): string {
  return /^(?:\+|00)[\d\s().-]+$/.test(value)
    ? `+${value.replace(/^00/, '').replaceAll(/\D/g, '')}`
    : value.toLowerCase();
}

function membersOf(json: string): [string, unknown][] {
  try {
    return Object.entries((JSON.parse(json) ?? {}) as object);
  } catch {
    return [];
  }
}

function pair(label: string, value: string): string {
  return JSON.stringify([label, value]);
}
