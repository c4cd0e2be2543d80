import type { Entry } from './entry.ts';
import { refuseFilter } from './refuse-filter.ts';

const MOST_VALUES = 20;

/** What an entry lists, separated by commas; blanks around them mean nothing. */
export function valuesOf(entry: Entry): readonly string[] {
  const values = entry
    .text('value')
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (values.length === 0) {
    return refuseFilter(`${entry.path}.value`, 'must list values, separated by commas: "red,green"');
  }
  if (values.length > MOST_VALUES) {
    const rule = `can list at most ${MOST_VALUES} values; it lists ${values.length}. Split them over filters with OR`;
    return refuseFilter(`${entry.path}.value`, rule);
  }
  return values;
}
