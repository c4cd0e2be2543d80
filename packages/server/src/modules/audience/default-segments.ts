import { EVERYONE } from './condition.ts';
import type { Expression } from './condition.ts';

const A_WEEK_IN_HOURS = 168;
/** Sessions of somebody who comes back, not only looks in. */
const SEVERAL = '4';

/**
 * The segments that every app has. What "recent" and "several" mean is documented nowhere: a week, and more
 * than four. A message goes only to whom it can reach, so the three names of everyone are one there.
 */
const DEFAULT_SEGMENTS: ReadonlyMap<string, Expression> = new Map<string, Expression>([
  ['All', EVERYONE],
  ['Subscribed Users', EVERYONE],
  ['Total Subscriptions', EVERYONE],
  ['Active Users', [[{ kind: 'session', session: 'last', relation: '<', hours: A_WEEK_IN_HOURS }]]],
  ['Inactive Users', [[{ kind: 'session', session: 'last', relation: '>', hours: A_WEEK_IN_HOURS }]]],
  [
    'Engaged Users',
    [
      [
        { kind: 'session', session: 'last', relation: '<', hours: A_WEEK_IN_HOURS },
        { kind: 'number', of: 'session_count', relation: '>', value: SEVERAL },
      ],
    ],
  ],
]);

export const DEFAULT_SEGMENT_NAMES: readonly string[] = [...DEFAULT_SEGMENTS.keys()];

/** Everyone in any of the named segments; `unknown` are names of none. Names are compared letter by letter. */
export function segmentsNamed(names: readonly string[]): {
  readonly any: Expression;
  readonly unknown: readonly string[];
} {
  const asked = [...new Set(names)];
  return {
    any: asked.flatMap((name) => DEFAULT_SEGMENTS.get(name) ?? []),
    unknown: asked.filter((name) => !DEFAULT_SEGMENTS.has(name)),
  };
}
