import type { Clock } from '../../../platform/clock.ts';

/** How much of broadcasts a process does at once. */
export interface Stride {
  /** Recipients on pages under way. */
  readonly recipients: number;
  /** Recipients of a page: what can be in doubt after a crash. */
  readonly page: number;
  /** Ledger rows in one closing statement: about 170 bytes each. */
  readonly rows: number;
}

const LONG: Stride = { recipients: Infinity, page: 650, rows: 1_950 };
/** Each step holds the one thread for two milliseconds, not for ten, and a single message takes a dozen steps. */
const SHORT: Stride = { recipients: 100, page: 100, rows: 100 };

/** After a single message has begun. */
const GIVE_WAY_MS = 500;

/**
 * Pages under way may all wait for a slow provider, or for one that hangs: one more goes after so many milliseconds
 * in which the thread was busy for less than half.
 */
const ANOTHER_MS = 20;
const BUSY = 0.5;

/** A page on its way: of at most so many recipients. */
export interface Step {
  readonly most: number;
  end(): void;
}

export const ANY_STRIDE: Step = { most: Infinity, end: () => undefined };

interface Waiting {
  readonly recipients: number;
  readonly go: (step: Step) => void;
}

/**
 * Broadcasts go in long strides, which is fastest, and in short ones while somebody waits for a single message:
 * that arrives in a tenth of the time then, and broadcasts go at a third of their speed
 * (docs/decisions/2026-11-26-broadcasts-give-way.md).
 */
export class Strides {
  readonly #clock: Clock;
  readonly #long: Stride;
  readonly #short: Stride;
  readonly #waiting: Waiting[] = [];
  readonly #busy: () => number;
  #shortUntil = -Infinity;
  #underWay = 0;
  #isLooking = false;

  /**
   * `most`: what a long stride has at most, where that is less. `busy`: for which share of the time since it was last
   * asked this thread has worked.
   */
  constructor(clock: Clock, most: Partial<Stride> = {}, busy: () => number = busyShare()) {
    this.#clock = clock;
    this.#busy = busy;
    this.#long = { ...LONG, ...most };
    this.#short = {
      recipients: Math.min(SHORT.recipients, this.#long.recipients),
      page: Math.min(SHORT.page, this.#long.page),
      rows: Math.min(SHORT.rows, this.#long.rows),
    };
  }

  get longest(): Stride {
    return this.#long;
  }

  get now(): Stride {
    // A clock that was set back would keep them short.
    const left = this.#shortUntil - this.#clock.now();
    return left > 0 && left <= GIVE_WAY_MS ? this.#short : this.#long;
  }

  /** A single message has begun. */
  giveWay(): void {
    this.#shortUntil = this.#clock.now() + GIVE_WAY_MS;
  }

  /** Waits until a page of so many recipients, or of as many as a page may have then, may go. */
  begin(recipients: number): Promise<Step> {
    return new Promise((go) => {
      this.#waiting.push({ recipients, go });
      this.#letIn();
    });
  }

  /** One page always goes, so that there is one whose end lets the others in. */
  #letIn(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#fits(next); next = this.#waiting[0])
      this.#go(next);
    if (this.#waiting.length > 0 && !this.#isLooking) this.#letAnotherIn();
  }

  #fits({ recipients }: Waiting): boolean {
    const { recipients: most, page } = this.now;
    return this.#underWay === 0 || this.#underWay + Math.min(recipients, page) <= most;
  }

  #go(next: Waiting): void {
    this.#waiting.shift();
    const { page } = this.now;
    const size = Math.min(next.recipients, page);
    this.#underWay += size;
    const end = () => {
      this.#underWay -= size;
      this.#letIn();
    };
    next.go({ most: page, end });
  }

  #letAnotherIn(): void {
    this.#isLooking = true;
    this.#busy();
    setTimeout(() => {
      this.#isLooking = false;
      const next = this.#waiting[0];
      if (next !== undefined && this.#busy() < BUSY) this.#go(next);
      this.#letIn();
    }, ANOTHER_MS);
  }
}

function busyShare(): () => number {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization;
  };
}
