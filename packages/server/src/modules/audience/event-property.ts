import type { PropertyTest } from './condition.ts';
import { compareDecimals, parseDecimal } from './decimal.ts';
import { standsIn } from './stands-in.ts';

/** Whether what is asked of a property is true of an event's properties, as the condition in SQL has it. */
export function hasProperty(
  properties: Readonly<Record<string, unknown>>,
  { path, test, not }: PropertyTest,
): boolean {
  const value = propertyAt(properties, path);
  switch (test.is) {
    case 'exists':
      return (value !== undefined && value !== null) !== not;
    case 'one-of':
      return test.values.some((other) => isSame(textOf(value), other)) !== not;
    case '>':
    case '<':
      return isOrdered(textOf(value), test.is, test.value) !== not;
  }
}

/** What stands at a path; undefined when nothing does. */
export function propertyAt(properties: Readonly<Record<string, unknown>>, path: readonly string[]): unknown {
  return path.reduce(member, properties as unknown);
}

const PLACE = /^-?[0-9]{1,9}$/;

/** Of a list the element at a place, counted from its end where that is negative; of an object its own member. */
function member(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return PLACE.test(name) ? value.at(Number(name)) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

/** Of what is no list and no object; null for all else. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return withoutExponent(value);
  return typeof value === 'boolean' ? String(value) : null;
}

/** As PostgreSQL writes a number of a document: 1e21 has 22 digits. */
function withoutExponent(value: number): string {
  const text = String(value);
  const [mantissa = '', exponent] = text.split('e');
  if (exponent === undefined) return text;
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0');
}

function isSame(text: string | null, other: string): boolean {
  return text !== null && isSameText(text, other);
}

/** The same text, or the same number: `0.50` and `0.5`. */
export function isSameText(text: string, other: string): boolean {
  return text === other || compareTexts(text, other) === 0;
}

/** As numbers: below 0 when the first is less; null when one of them is none. */
export function compareTexts(text: string, other: string): number | null {
  const [a, b] = [parseDecimal(text), parseDecimal(other)];
  return a === null || b === null ? null : compareDecimals(a, b);
}

function isOrdered(text: string | null, order: '>' | '<', value: string): boolean {
  const compared = text === null ? null : compareTexts(text, value);
  return compared !== null && standsIn(compared, order);
}
