/** One row of `lanes`. */
export interface LaneState {
  readonly lane: number;
  readonly owner: string | null;
  readonly epoch: number;
}

/** What a process should do about its lanes now. */
export interface OwnershipPlan {
  /** Lanes of mine. */
  readonly mine: readonly LaneState[];
  /** Lanes to take: free, or of an owner that is not alive. */
  readonly take: readonly LaneState[];
  /** Lanes of mine to give back because others are alive too. */
  readonly release: readonly LaneState[];
}

/** How many of `lanes` the owner `me` should have: the shares of all of `alive` add up exactly. */
export function shareOf(me: string, alive: readonly string[], lanes: number): number {
  const place = alive.toSorted().indexOf(me);
  if (place < 0) return 0;
  return Math.floor(lanes / alive.length) + (place < lanes % alive.length ? 1 : 0);
}

/**
 * Decides from what everybody can see, so that all owners come to plans that fit together: the same
 * `lanes` and `alive` give each exactly its share. `alive` includes `me`.
 */
export function planOwnership(
  me: string,
  alive: readonly string[],
  lanes: readonly LaneState[],
): OwnershipPlan {
  const share = shareOf(me, alive, lanes.length);
  const mine = lanes.filter((lane) => lane.owner === me);
  const free = lanes.filter((lane) => lane.owner === null || !alive.includes(lane.owner));
  const wanted = Math.max(0, share - mine.length);
  // Owners begin at different places, so that two that take at once rarely choose the same lanes.
  const place = alive.toSorted().indexOf(me);
  const start = Math.floor((free.length * Math.max(0, place)) / Math.max(1, alive.length));
  const inTurn = [...free.slice(start), ...free.slice(0, start)];
  return {
    mine,
    take: inTurn.slice(0, wanted).sort((a, b) => a.lane - b.lane),
    release: mine.slice(share),
  };
}
