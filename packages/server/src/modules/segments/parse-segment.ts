import type { FilterEntry } from '@carillon/wire';
import { invalidField } from '../../platform/http/invalid-field.ts';
import { MOST_FILTERS, parseFilters } from '../audience/index.ts';
import type { Segment } from './segment.ts';

const LONGEST_NAME = 128;
const LONGEST_DESCRIPTION = 255;

/** Throws ApiError `request-invalid`. */
export function parseName(given: string | null | undefined): string {
  const name = given ?? '';
  if (name.trim() === '') throw invalidField('name', 'is required');
  if (name.length > LONGEST_NAME) throw invalidField('name', `must be at most ${LONGEST_NAME} characters`);
  return name;
}

/** `""` is none. Throws ApiError `request-invalid`. */
export function parseDescription(given: string | null | undefined): string | null {
  const description = given ?? '';
  if (description.length > LONGEST_DESCRIPTION) {
    throw invalidField('description', `must be at most ${LONGEST_DESCRIPTION} characters`);
  }
  return description === '' ? null : description;
}

/** Filters as they are kept and read back, and what they mean. Throws ApiError. */
export function parseSegmentFilters(
  given: readonly FilterEntry[] | null | undefined,
): Pick<Segment, 'filters' | 'conditions'> {
  if (given === null || given === undefined || given.length === 0) {
    throw invalidField('filters', `is required: from 1 to ${MOST_FILTERS} entries`);
  }
  return { filters: given.map(keptFilter), conditions: parseFilters(given) };
}

/** Operands are text, as documented, whatever they came as; what was left out stays out. */
function keptFilter(entry: FilterEntry): FilterEntry {
  const kept = Object.entries(entry)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => [name, typeof value === 'number' ? String(value) : value]);
  return Object.fromEntries(kept) as FilterEntry;
}
