import type { FilterEntry } from '@carillon/wire';
import { isStorable } from '../../../platform/http/storable-text.ts';
import type { DecimalText } from '../condition.ts';
import { isUuid } from '../../../platform/ids.ts';
import { DECIMAL } from '../decimal.ts';
import { refuseFilter } from './refuse-filter.ts';

const LONGEST_TEXT = 1_024;

type NumberName = 'hours_ago' | 'radius' | 'lat' | 'long' | 'from_hours_ago' | 'to_hours_ago';

/** One entry of the filters, read operand by operand; each refusal names its place. */
export class Entry {
  readonly path: string;
  readonly #given: FilterEntry;

  constructor(given: FilterEntry, path: string) {
    this.#given = given;
    this.path = path;
  }

  /** What stands in `relation`, one of `allowed`; `fallback` where a field has had none. */
  relation<Relation extends string>(allowed: readonly Relation[], fallback?: Relation): Relation {
    const given = this.#given.relation ?? fallback;
    const known = allowed.find((relation) => relation === given);
    if (known !== undefined) return known;
    const rule = `of ${String(this.#given.field)} must be one of ${allowed.join(' ')}`;
    return refuseFilter(`${this.path}.relation`, rule, this.#given.relation);
  }

  /** Text that is there; numbers are taken as their text. */
  text(name: 'key' | 'value'): string {
    const given = this.#given[name] ?? null;
    const path = `${this.path}.${name}`;
    if (given === null || given === '') return refuseFilter(path, `is required for ${this.#given.field}`);
    const text = String(given);
    if (text.length > LONGEST_TEXT) return refuseFilter(path, `must be at most ${LONGEST_TEXT} characters`);
    if (!isStorable(text)) return refuseFilter(path, 'must not contain NUL or half of a surrogate pair');
    return text;
  }

  /** One of `allowed`; null where nothing is given. */
  oneOf<Name extends string>(name: 'channel' | 'match', allowed: readonly Name[]): Name | null {
    const given = this.#given[name] ?? null;
    if (given === null) return null;
    const known = allowed.find((other) => other === given);
    return known ?? refuseFilter(`${this.path}.${name}`, `must be one of ${allowed.join(', ')}`, given);
  }

  /** A message's id in lower case; null where nothing is given. */
  messageId(): string | null {
    const given = this.#given.message_id ?? null;
    if (given === null) return null;
    return isUuid(given)
      ? given.toLowerCase()
      : refuseFilter(`${this.path}.message_id`, 'must be a UUID', given);
  }

  /** What is asked of properties, each with its place. */
  properties(): readonly Entry[] {
    const given = this.#given.properties ?? [];
    return given.map(
      (property, index) =>
        new Entry({ ...property, field: 'a property' }, `${this.path}.properties[${index}]`),
    );
  }

  /** A decimal number, as text: "9.99", 10. */
  decimal(): DecimalText {
    const text = this.text('value').trim();
    if (!DECIMAL.test(text))
      return refuseFilter(`${this.path}.value`, 'must be a number such as "10" or "9.99"', text);
    return text;
  }

  /** A number from `least` to `most`; text that is one is taken too. */
  number(name: NumberName, least: number, most: number): number {
    const path = `${this.path}.${name}`;
    return (
      this.numberIfGiven(name, least, most) ?? refuseFilter(path, `is required for ${this.#given.field}`)
    );
  }

  /** As `number`; null where there is nothing. */
  numberIfGiven(name: NumberName, least: number, most: number): number | null {
    const given = this.#given[name] ?? null;
    const path = `${this.path}.${name}`;
    if (given === null || given === '') return null;
    const number = typeof given === 'number' ? given : DECIMAL.test(given.trim()) ? Number(given) : NaN;
    if (number >= least && number <= most) return number;
    return refuseFilter(path, `must be a number from ${least} to ${most}`, given);
  }
}
