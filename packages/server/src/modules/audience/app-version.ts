import type { Comparison } from './condition.ts';
import { standsIn } from './stands-in.ts';

/** `2.10.1`, or a build number; the condition in SQL has the same pattern. */
export const VERSION = /^[0-9]{1,9}(\.[0-9]{1,9}){0,9}$/;

/** The numbers of a version without zeros at its end: 2.0 is 2. Null for text that is no version. */
export function parseVersion(text: string): readonly number[] | null {
  return VERSION.test(text)
    ? text
        .replace(/(\.0+)+$/, '')
        .split('.')
        .map(Number)
    : null;
}

/** Versions by their numbers, 2.9 before 2.10; other text is only equal to itself. */
export function comparesVersion(version: string | null, relation: Comparison, value: string): boolean {
  if (relation === '!=') return !comparesVersion(version, '=', value);
  if (version === null) return false;
  const [a, b] = [parseVersion(version), parseVersion(value)];
  if (a === null || b === null) return relation === '=' && version === value;
  return standsIn(compare(a, b), relation);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [place, number] of a.entries()) {
    const other = b[place];
    if (other === undefined) return 1;
    if (number !== other) return number - other;
  }
  return a.length - b.length;
}
