/** The time that a request has. What it waits for now is told when it is over, and nothing after `end`. */
export class TimeLimit {
  readonly ms: number;
  readonly #timer: NodeJS.Timeout;
  #tell: (() => void) | null = null;
  #isOver = false;

  constructor(ms: number) {
    this.ms = ms;
    this.#timer = setTimeout(() => {
      this.#isOver = true;
      this.#tell?.();
    }, ms);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Calls `tell` when the time is over, or at once when it is, instead of whom it would have called. */
  watch(tell: () => void): void {
    this.#tell = tell;
    if (this.#isOver) tell();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#tell = null;
  }
}
