import { setTimeout as pause } from 'node:timers/promises';

/**
 * Holds everybody back together: when one request is told to wait, the others do not run into the
 * same wall one by one. Pauses grow while there is no success in between.
 */
export class Gate {
  readonly #longestMs: number;
  #openAt = 0;
  #closings = 0;

  constructor(longestMs = 30_000) {
    this.#longestMs = longestMs;
  }

  /** Closes for what the server asked for, or for a growing pause where it did not say. */
  close(retryAfterMs: number | null): void {
    const now = Date.now();
    if (now >= this.#openAt) this.#closings += 1;
    const own = Math.min(this.#longestMs, 100 * 2 ** Math.min(this.#closings, 20));
    this.#openAt = Math.max(this.#openAt, now + Math.max(own, retryAfterMs ?? 0));
  }

  succeeded(): void {
    this.#closings = 0;
  }

  /** Resolves when the gate is open or `signal` ends. */
  async pass(signal: AbortSignal): Promise<void> {
    for (let wait = this.#wait(); wait > 0 && !signal.aborted; wait = this.#wait()) {
      await pause(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  #wait(): number {
    return this.#openAt - Date.now();
  }
}
