import type { Clock, Timer } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { LaneWorker, OwnedLanes } from './lane-worker.ts';

export interface WorkLoopOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly workers: readonly LaneWorker[];
  /** The fence refused a lane: ownership should be looked at. */
  readonly onRefused: () => void;
}

/** Without a hint and without a due time, look this often, in milliseconds. */
const SAFETY_MS = 1_000;
/** After a small batch, let the next one grow: a tenth of the statements for a few milliseconds. */
const GROW_MS = 10;
/** After a failure, or when what is due could not be done. */
const AGAIN_MS = 250;

/**
 * Works one group of lanes: batch after batch while there is something to do, then sleeps until the
 * next due time, a hint, or one second, whichever comes first.
 */
export class WorkLoop {
  readonly #options: WorkLoopOptions;
  #owned: OwnedLanes | undefined;
  #woken = false;
  #wakeUp: (() => void) | undefined;
  #ended = false;
  #batch: Promise<unknown> = Promise.resolve();
  #running: Promise<void> | undefined;

  constructor(options: WorkLoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  wake(): void {
    this.#woken = true;
    this.#wakeUp?.();
  }

  /** Batches from now on are for these lanes. Resolves when the one under way has ended. */
  async setLanes(owned: OwnedLanes): Promise<void> {
    this.#owned = owned;
    this.wake();
    await this.#batch;
  }

  async stop(): Promise<void> {
    this.#ended = true;
    this.wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    let missed = false;
    while (!this.#ended) {
      this.#woken = false;
      const batch = this.#workAll();
      this.#batch = batch;
      const { done, more, failed, nextDueAt } = await batch;
      const late = nextDueAt !== null && nextDueAt <= this.#options.clock.now();
      // Once, it came due while the batch was looking, and is taken now; twice, it cannot be done.
      const missedAgain = missed && late && done === 0;
      missed = late && done === 0;
      if (failed || missedAgain) await this.#rest(AGAIN_MS);
      else if (missed) continue;
      else if (more) continue;
      else if (done > 0) await this.#rest(GROW_MS);
      else await this.#sleep(nextDueAt);
    }
  }

  async #workAll() {
    const total = { done: 0, more: false, failed: false, nextDueAt: null as number | null };
    const owned = this.#owned;
    if (owned === undefined || owned.lanes.size === 0) return total;
    for (const worker of this.#options.workers) {
      try {
        const { done, more, refused, nextDueAt } = await worker.work(owned, this.#options.clock.now());
        total.done += done;
        total.more ||= more === true;
        if (refused === true) this.#options.onRefused();
        if (nextDueAt !== null) total.nextDueAt = Math.min(nextDueAt, total.nextDueAt ?? Infinity);
      } catch (error) {
        total.failed = true;
        this.#options.log.error({ err: error, worker: worker.name }, 'lanes: a batch failed');
      }
    }
    return total;
  }

  /** Real time, whatever is told meanwhile; ends early only when the loop ends. */
  async #rest(ms: number): Promise<void> {
    if (this.#ended) return;
    await new Promise<void>((resolve) => void setTimeout(resolve, ms));
  }

  /** Until `dueAt` on the injected clock, a hint, or the safety interval in real time. */
  async #sleep(dueAt: number | null): Promise<void> {
    if (this.#woken || this.#ended) return;
    await new Promise<void>((resolve) => {
      let due: Timer | undefined;
      const safety = setTimeout(() => this.#wakeUp?.(), SAFETY_MS);
      safety.unref();
      this.#wakeUp = () => {
        this.#wakeUp = undefined;
        clearTimeout(safety);
        due?.cancel();
        resolve();
      };
      if (dueAt !== null) due = this.#options.clock.at(dueAt, () => this.#wakeUp?.());
    });
  }
}
