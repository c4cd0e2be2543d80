import type { ApiError } from '../../../../platform/http/api-error.ts';
import { invalidField } from '../../../../platform/http/invalid-field.ts';
import { isUuid } from '../../../../platform/ids.ts';

/**
 * A place in a request body, by its path. What it reads is of the asked type, or refused with ApiError
 * `request-invalid`, which names the path and the rule. Null is as absent.
 */
export class Member {
  readonly value: unknown;
  readonly path: string;

  constructor(value: unknown, path: string) {
    this.value = value;
    this.path = path;
  }

  get isAbsent(): boolean {
    return this.value === undefined || this.value === null;
  }

  refusal(rule: string): ApiError {
    return invalidField(this.path, rule);
  }

  /** An object whose members are all among `known`. */
  only(...known: readonly string[]): this {
    const stranger = Object.entries(this.#members()).find(
      ([name, value]) => value !== null && !known.includes(name),
    );
    if (stranger !== undefined) throw this.at(stranger[0]).refusal('is not known here: remove it');
    return this;
  }

  at(name: string): Member {
    return new Member(this.#members()[name], this.path === '' ? name : `${this.path}.${name}`);
  }

  items(least: number, most: number): readonly Member[] {
    const items = this.value ?? [];
    if (!Array.isArray(items)) throw this.refusal('must be an array');
    if (items.length < least || items.length > most) {
      const allowed = least === most ? most : least === 0 ? `at most ${most}` : `${least} to ${most}`;
      throw this.refusal(`must have ${allowed} entries`);
    }
    return items.map((item: unknown, index) => new Member(item, `${this.path}[${index}]`));
  }

  text(most: number): string {
    const text = this.optionalText(most);
    if (text === null || text.trim() === '') throw this.refusal('is required');
    return text;
  }

  optionalText(most: number): string | null {
    if (this.isAbsent) return null;
    const { value } = this;
    if (typeof value !== 'string' || value.length > most) {
      throw this.refusal(`must be a string of at most ${most} characters`);
    }
    return value;
  }

  whole(least: number, most: number): number {
    const { value } = this;
    if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most) {
      throw this.refusal(`must be a whole number from ${least} to ${most}`);
    }
    return value as number;
  }

  flag(): boolean {
    if (this.isAbsent) return false;
    if (typeof this.value !== 'boolean') throw this.refusal('must be true or false');
    return this.value;
  }

  id(): string {
    if (typeof this.value !== 'string' || !isUuid(this.value)) throw this.refusal('must be a valid UUID');
    return this.value.toLowerCase();
  }

  ids(most: number): readonly string[] {
    return [...new Set(this.items(0, most).map((item) => item.id()))];
  }

  oneOf<const Choice extends string>(choices: readonly Choice[]): Choice {
    const found = choices.find((choice) => choice === this.value);
    if (found === undefined) throw this.refusal(`must be one of ${choices.join(', ')}`);
    return found;
  }

  /** Names to texts. */
  texts({
    most,
    name,
    text,
  }: {
    most: number;
    name: number;
    text: number;
  }): Readonly<Record<string, string>> {
    if (this.isAbsent) return {};
    const entries = Object.entries(this.#members());
    if (entries.length > most) throw this.refusal(`must have at most ${most} members`);
    for (const [key, value] of entries) {
      if (key === '' || key.length > name) {
        throw this.refusal(`must have names of 1 to ${name} characters`);
      }
      if (typeof value !== 'string' || value.length > text) {
        throw this.at(key).refusal(`must be a string of at most ${text} characters; "" removes`);
      }
    }
    return Object.fromEntries(entries) as Record<string, string>;
  }

  #members(): Readonly<Record<string, unknown>> {
    if (this.isAbsent) throw this.refusal('is required');
    if (typeof this.value !== 'object' || Array.isArray(this.value)) throw this.refusal('must be an object');
    return this.value as Readonly<Record<string, unknown>>;
  }
}
