import type { PropertyTest } from './condition.ts';
import { compareDecimals, parseDecimal } from './decimal.ts';
import { standsIn } from './stands-in.ts';

/** Whether what is asked of a property is true of an event's properties, as the condition in SQL has it. */
export function hasProperty(
  properties: Readonly<Record<string, unknown>>,
  { path, test, not }: PropertyTest,
): boolean {
  const value = path.reduce(member, properties as unknown);
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

const PLACE = /^-?[0-9]{1,9}$/;

/** Of a list the element at a place, counted from its end where that is negative; of an object its own member. */
function member(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return PLACE.test(name) ? value.at(Number(name)) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

/** Of what is no list and no object; null for all else. */
function textOf(value: unknown): string | null {
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
  if (text === null) return false;
  if (text === other) return true;
  const [a, b] = [parseDecimal(text), parseDecimal(other)];
  return a !== null && b !== null && compareDecimals(a, b) === 0;
}

function isOrdered(text: string | null, order: '>' | '<', value: string): boolean {
  const [a, b] = [text === null ? null : parseDecimal(text), parseDecimal(value)];
  return a !== null && b !== null && standsIn(compareDecimals(a, b), order);
}
