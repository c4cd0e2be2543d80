import { systemClock } from '@carillon/server';
import type { Clock, Timer } from '@carillon/server';

interface Armed {
  readonly at: number;
  readonly fire: () => void;
  timer: Timer;
}

/** The machine's clock, which can be set forward: time is an input of the platform. */
export class SkippingClock implements Clock {
  #skipped = 0;
  readonly #armed = new Set<Armed>();

  now(): number {
    return systemClock.now() + this.#skipped;
  }

  at(at: number, fire: () => void): Timer {
    const entry: Armed = { at, fire, timer: { cancel: () => undefined } };
    this.#armed.add(entry);
    this.#arm(entry);
    return {
      cancel: () => {
        this.#armed.delete(entry);
        entry.timer.cancel();
      },
    };
  }

  /** From now on it is `ms` later, and what became due by that fires. */
  skip(ms: number): void {
    this.#skipped += ms;
    for (const entry of this.#armed) {
      entry.timer.cancel();
      this.#arm(entry);
    }
  }

  #arm(entry: Armed): void {
    entry.timer = systemClock.at(entry.at - this.#skipped, () => {
      if (this.#armed.delete(entry)) entry.fire();
    });
  }
}
