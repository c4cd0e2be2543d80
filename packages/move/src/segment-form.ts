import type { Filter } from '@carillon/client';

/** A filter as it is read back, which may have a mark that is no part of it. */
type ShownFilter = Readonly<Record<string, unknown>>;

/** What of these filters exists in OneSignal's dashboard alone; null for nothing. */
export function dashboardOnly(filters: readonly ShownFilter[]): string | null {
  const fields = filters
    .filter((filter) => filter['unsupported_in_api'] === true)
    .map((filter) => (typeof filter['field'] === 'string' ? filter['field'] : 'unnamed'));
  return fields.length === 0 ? null : `its filters on ${fields.join(', ')} exist in the dashboard only`;
}

/** Filters as a request takes them. */
export function plainFilters(filters: readonly ShownFilter[]): readonly Filter[] {
  return filters.map((filter) =>
    Object.fromEntries(
      Object.entries(filter).filter(([name, value]) => name !== 'unsupported_in_api' && value !== null),
    ),
  );
}

/** Two segments with the same print have the same people. Numbers are read back as texts. */
export function printOf(filters: readonly ShownFilter[], description: string | null): string {
  const plain = plainFilters(filters).map((filter) =>
    Object.entries(filter)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, typeof value === 'number' ? String(value) : value]),
  );
  return JSON.stringify([description ?? '', plain]);
}
