/** The lanes that a process owns, and the epoch of each: what `fence` is given. */
export interface OwnedLanes {
  /** Id of the owning process. */
  readonly owner: string;
  /** Lane to epoch, in ascending order of lanes. */
  readonly lanes: ReadonlyMap<number, number>;
}

export interface BatchResult {
  /** Things done: rows taken from the inbox, timers fired. 0 means that nothing was waiting. */
  readonly done: number;
  /** Earliest time at which something will be due in these lanes, on the injected clock; null for never. */
  readonly nextDueAt: number | null;
  /** The batch was full, so more is probably waiting. */
  readonly more?: boolean;
  /** The fence refused at least one lane: it has another owner now. */
  readonly refused?: boolean;
}

/** Work that belongs to lanes: registered once, called for as long as this process owns any. */
export interface LaneWorker {
  /** For the log. */
  readonly name: string;
  /**
   * Does one batch for `owned` and returns. Writes in fenced statements only, each a commit of its
   * own. Called for disjoint sets of lanes at the same time, never twice for the same lane. When it
   * throws, the batch is tried again after a pause.
   */
  work(owned: OwnedLanes, now: number): Promise<BatchResult>;
}
