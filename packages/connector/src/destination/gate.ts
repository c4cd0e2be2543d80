import { setTimeout as pause } from 'node:timers/promises';
import type { Failure } from '@carillon/client';
import type { Pace } from './pace.ts';

/**
 * Holds everybody back together: when one request is told to wait, the others do not run into the
 * same wall one by one. Pauses grow while there is no success in between.
 */
export class Gate implements Pace {
  readonly #longestMs: number;
  #openAt = 0;
  #closings = 0;

  constructor(longestMs = 30_000) {
    this.#longestMs = longestMs;
  }

  async turn(signal: AbortSignal): Promise<void> {
    for (let wait = this.#wait(); wait > 0 && !signal.aborted; wait = this.#wait()) {
      await pause(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Closes for what the server asked for, or for a growing pause where it did not say. */
  answered(failure: Failure | null): void {
    if (failure === null) {
      this.#closings = 0;
      return;
    }
    const now = Date.now();
    if (now >= this.#openAt) this.#closings += 1;
    const own = Math.min(this.#longestMs, 100 * 2 ** Math.min(this.#closings, 20));
    const asked = 'retryAfterMs' in failure ? (failure.retryAfterMs ?? 0) : 0;
    this.#openAt = Math.max(this.#openAt, now + Math.max(own, asked));
  }

  #wait(): number {
    return this.#openAt - Date.now();
  }
}
