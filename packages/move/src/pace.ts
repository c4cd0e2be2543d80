import { setTimeout as pause } from 'node:timers/promises';

/** OneSignal lets an app view ten things at once, and then one each second. */
const AT_ONCE = 9;
const EVERY_MS = 1_050;

/** Spreads calls, so that none has to be refused. */
export class Pace {
  #free = AT_ONCE;
  #next = 0;

  /** Resolves when the next call may go. One caller at a time. */
  async turn(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    const now = performance.now();
    if (this.#next > now) await pause(this.#next - now);
    this.#next = performance.now() + EVERY_MS;
  }
}
