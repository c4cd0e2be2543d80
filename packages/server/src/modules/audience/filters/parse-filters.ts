import type { FilterEntry } from '@carillon/wire';
import type { Condition, Expression } from '../condition.ts';
import { parseFilter } from './parse-filter.ts';
import { refuseFilter } from './refuse-filter.ts';

/** Filters and operators together. */
export const MOST_FILTERS = 200;

/**
 * The filters of a request as an OR of ANDs: neighbours belong together, `{"operator": "OR"}` begins another
 * branch, `{"operator": "AND"}` says what is so anyway. `path` is where they stand. Throws ApiError.
 */
export function parseFilters(entries: readonly FilterEntry[], path = 'filters'): Expression {
  if (entries.length > MOST_FILTERS) {
    refuseFilter(
      path,
      `can hold at most ${MOST_FILTERS} entries, operators included; it has ${entries.length}`,
    );
  }
  const branches: Condition[][] = [[]];
  let afterOperator = true;
  for (const [index, entry] of entries.entries()) {
    const place = `${path}[${index}]`;
    const operator = entry.operator ?? null;
    if (operator === null) {
      branches.at(-1)?.push(parseFilter(entry, place));
      afterOperator = false;
      continue;
    }
    if ((entry.field ?? null) !== null) refuseFilter(place, 'must have either field or operator, not both');
    if (operator !== 'OR' && operator !== 'AND')
      refuseFilter(`${place}.operator`, 'must be OR or AND', operator);
    if (afterOperator) refuseFilter(place, 'is an operator, which must stand between two filters');
    if (operator === 'OR') branches.push([]);
    afterOperator = true;
  }
  if (afterOperator && entries.length > 0) {
    refuseFilter(`${path}[${entries.length - 1}]`, 'is an operator, and filters must not end with one');
  }
  return branches;
}
