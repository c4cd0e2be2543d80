import type { FilterEntry } from '@carillon/wire';
import { nameId } from '../../platform/ids.ts';
import { parseFilters } from '../audience/index.ts';
import type { Expression } from '../audience/index.ts';
import type { Segment } from './segment.ts';

const A_WEEK_IN_HOURS = '168';
/** Sessions of somebody who comes back, not only looks in. */
const SEVERAL = '4';

const recent: FilterEntry = { field: 'last_session', relation: '<', hours_ago: A_WEEK_IN_HOURS };

/**
 * The segments that every app has. What "recent" and "several" mean is documented nowhere: a week, and more
 * than four. A message goes only to whom it can reach, so the names of everyone are one there.
 */
const DEFAULT_SEGMENTS: ReadonlyMap<string, readonly FilterEntry[]> = new Map([
  ['Subscribed Users', []],
  ['Total Subscriptions', []],
  ['Active Users', [recent]],
  ['Inactive Users', [{ ...recent, relation: '>' }]],
  ['Engaged Users', [recent, { field: 'session_count', relation: '>', value: SEVERAL }]],
]);

/** Short for everybody in requests; no segment that is listed. */
const EVERYBODY = 'All';

/** Names that no other segment can have. */
export function isDefaultName(name: string): boolean {
  return name === EVERYBODY || DEFAULT_SEGMENTS.has(name);
}

/** Null for a name of none of them. Names are compared letter by letter. */
export function defaultConditions(name: string): Expression | null {
  const filters = name === EVERYBODY ? [] : DEFAULT_SEGMENTS.get(name);
  return filters === undefined ? null : parseFilters(filters);
}

/** As segments of an app that was made at `createdAt`. */
export function defaultSegmentsOf(appId: string, createdAt: Date): readonly Segment[] {
  return [...DEFAULT_SEGMENTS].map(([name, filters]) => ({
    id: nameId('default segment', appId, name),
    name,
    description: null,
    filters,
    conditions: parseFilters(filters),
    source: 'default',
    isActive: true,
    createdAt,
    updatedAt: createdAt,
  }));
}

/** What they mean, by the ids that they have in an app. */
export function defaultMeanings(appId: string): ReadonlyMap<string, Expression> {
  return new Map(
    [...DEFAULT_SEGMENTS].map(([name, filters]) => [
      nameId('default segment', appId, name),
      parseFilters(filters),
    ]),
  );
}
