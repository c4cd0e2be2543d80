import type { Clock, Timer } from '../../../platform/clock.ts';

/** Wakes somebody who waits; remembers that it rang while nobody did. */
export class Bell {
  #rang = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rang = true;
    this.#wake?.();
  }

  /** Resolves when it rings, or at `until` (milliseconds since the epoch); null for only when it rings. */
  async wait(clock: Clock, until: number | null): Promise<void> {
    let timer: Timer | undefined;
    await new Promise<void>((resolve) => {
      if (this.#rang) return resolve();
      this.#wake = resolve;
      if (until !== null) timer = clock.at(until, resolve);
    });
    timer?.cancel();
    this.#wake = undefined;
    this.#rang = false;
  }
}
