import type { Expression } from '../audience/index.ts';
import { defaultConditions } from './default-segments.ts';

/** Segments that an app has saved, by their names. */
export type SavedSegments = ReadonlyMap<string, { readonly id: string; readonly isActive: boolean }>;

export const NO_SEGMENTS: SavedSegments = new Map();

/** What names of segments stand for. */
export interface NamedSegments {
  /** Everyone in any of them. A saved one stands by its id, and is looked up when it is evaluated. */
  readonly any: Expression;
  /** Names of none. */
  readonly unknown: readonly string[];
  /** Names of those that are paused. */
  readonly paused: readonly string[];
}

/** Names are compared letter by letter. */
export function segmentsNamed(names: readonly string[], saved: SavedSegments): NamedSegments {
  const asked = [...new Set(names)];
  return {
    any: asked.flatMap((name) => {
      const known = saved.get(name);
      return known === undefined
        ? (defaultConditions(name) ?? [])
        : [[{ kind: 'segment' as const, id: known.id }]];
    }),
    unknown: asked.filter((name) => !saved.has(name) && defaultConditions(name) === null),
    paused: asked.filter((name) => saved.get(name)?.isActive === false),
  };
}
