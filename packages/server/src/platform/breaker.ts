/** So many tries in a row that nobody took mean that the other side is down, and not that what was sent is bad. */
const TRIP_AT = 5;

/**
 * Counts tries that failed in a row, over all that goes to one place. When it has tripped nothing more is tried, so that a
 * dead endpoint costs a handful of requests for each rest.
 */
export class Breaker {
  #failures: number;
  #taken = 0;
  #tripped: boolean;
  /** The longest that the other side has asked to wait, in milliseconds. */
  #afterMs: number | null = null;
  readonly #mayWork: () => boolean;
  readonly #tripAt: number;

  /** `mayWork` is false when the work is another's by now, or the process is stopping. */
  constructor(failures: number, mayWork: () => boolean, tripAt = TRIP_AT) {
    this.#failures = failures;
    this.#tripAt = tripAt;
    this.#tripped = false;
    this.#mayWork = mayWork;
  }

  get mayGoOn(): boolean {
    return !this.#tripped && this.#afterMs === null && this.#mayWork();
  }

  get hasTripped(): boolean {
    return this.#tripped;
  }

  get failures(): number {
    return this.#failures;
  }

  get taken(): number {
    return this.#taken;
  }

  get afterMs(): number | null {
    return this.#afterMs;
  }

  noteTaken(): void {
    this.#taken += 1;
    this.#failures = 0;
  }

  /** `isWhole`: a whole batch failed, which no single thing in it can be the reason of. */
  noteFailure({ afterMs, isWhole }: { readonly afterMs: number | null; readonly isWhole: boolean }): void {
    this.#failures += 1;
    if (afterMs !== null) this.#afterMs = Math.max(this.#afterMs ?? 0, afterMs);
    if (isWhole || this.#failures >= this.#tripAt) this.#tripped = true;
  }
}
