import type { Clock } from '@carillon/server';

/** A clock that moves only when it is told to. Timers fire in the order of their times. */
export class FakeClock implements Clock {
  #now: number;
  readonly #timers = new Set<{ at: number; fire: () => void }>();

  constructor(now: number | string = '2026-11-01T12:00:00Z') {
    this.#now = new Date(now).getTime();
  }

  now(): number {
    return this.#now;
  }

  at(at: number, fire: () => void) {
    const timer = { at, fire };
    this.#timers.add(timer);
    if (at <= this.#now) setImmediate(() => this.#fireDue());
    return { cancel: () => void this.#timers.delete(timer) };
  }

  /** Moves on by `ms`; whatever is due on the way fires at its own time, with turns of the event loop between. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const next = Math.min(...[...this.#timers].map((timer) => timer.at));
      if (next > end) break;
      this.#now = Math.max(this.#now, next);
      this.#fireDue();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = end;
  }

  /** Moves on by `ms` at once: what has become due fires once, however often it would have on the way. */
  async jump(ms: number): Promise<void> {
    this.#now += ms;
    this.#fireDue();
    await new Promise((resolve) => setImmediate(resolve));
  }

  #fireDue(): void {
    const due = [...this.#timers].filter((timer) => timer.at <= this.#now).toSorted((a, b) => a.at - b.at);
    for (const timer of due) {
      if (this.#timers.delete(timer)) timer.fire();
    }
  }
}
