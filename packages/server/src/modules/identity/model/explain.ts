import { isDeepStrictEqual } from 'node:util';
import { foretell } from './foretell.ts';
import type { Operation } from './operation.ts';
import type { Told } from './told.ts';
import type { World } from './world.ts';

/** An operation and what it was answered. */
export interface Deed {
  readonly operation: Operation;
  readonly told: Told;
}

/**
 * Looks for an order of the deeds in which every answer is the foretold one and which leads from
 * `before` to a world that `isRight`, all of it at `now`. Each inner list is one client's, in its order; those of several
 * clients happened at the same time. Returns the world, or null when no order explains what was seen.
 */
export function explain(
  before: World,
  now: number,
  clients: readonly (readonly Deed[])[],
  isRight: (world: World) => boolean,
): World | null {
  if (clients.every((deeds) => deeds.length === 0)) return isRight(before) ? before : null;
  for (const [index, [next, ...later]] of clients.entries()) {
    if (next === undefined) continue;
    const world = before.copy();
    if (!agree(foretell(world, next.operation, next.told, now), next.told)) continue;
    const found = explain(world, now, clients.with(index, later), isRight);
    if (found !== null) return found;
  }
  return null;
}

function agree(foretold: Told, told: Told): boolean {
  return isDeepStrictEqual(plain(foretold), plain(told));
}

/** Without members that are undefined, and without an order of members. */
function plain(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}
