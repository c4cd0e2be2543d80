import type { OwnedLanes } from './lane-worker.ts';

/**
 * The fence: the first CTE of every statement that writes for lanes. It must be this UPDATE. An
 * unlocked `exists (… epoch)` let two owners take the same step in a test; FOR SHARE is refused by
 * Citus over several lanes.
 *
 * `lanes` and `epochs` are parameters (`$1`, `$2`) filled by `fenceOf`. Returns the lanes that are
 * still owned; everything else in the statement joins them. Rows are locked in the order of the
 * array, so it must be sorted.
 *
 * @example
 * statement('x.step', `with f as materialized (${fence('$1', '$2')}), … from f where …`)
 */
export function fence(lanes: `$${number}`, epochs: `$${number}`): string {
  return `update lanes l set batches = batches + 1
    from unnest(${lanes}::int[], ${epochs}::bigint[]) as o (lane, epoch)
    where l.lane = o.lane and l.epoch = o.epoch
    returning l.lane`;
}

/** The two parameters of `fence` for the lanes that a batch touches. */
export function fenceOf(owned: OwnedLanes, touched: Iterable<number>): [lanes: number[], epochs: number[]] {
  const lanes = [...new Set(touched)].sort((a, b) => a - b);
  // A lane that is not owned gets an epoch that no lane has: the fence refuses it.
  return [lanes, lanes.map((lane) => owned.lanes.get(lane) ?? -1)];
}
