import type { Failure } from '@carillon/client';
import type { Pace } from '../pace.ts';
import { AdaptiveRate } from './adaptive-rate.ts';

/** A late timer may be made up for by so much at once. */
const CATCH_UP_S = 0.05;
const LONGEST_PAUSE_MS = 30_000;

/**
 * The pace of one endpoint class: requests go in their order, as many a second as the class lets
 * through, and a `Retry-After` holds all of them. Requests that were under way with the one that was
 * refused are not counted against the rate a second time.
 */
export class EndpointPace implements Pace {
  readonly #rate: AdaptiveRate;
  readonly #burst: number;
  readonly #waiting: (() => void)[] = [];
  readonly #signals = new WeakSet<AbortSignal>();
  #next = 0;
  #credit: number;
  #at: number;
  #openAt = 0;
  #closings = 0;
  #timer: NodeJS.Timeout | null = null;

  /** Begins at `first` requests a second and stays below `most`; `burst` may go at once after a pause. */
  constructor({ first, most, burst = 1 }: { first: number; most: number; burst?: number }) {
    this.#rate = new AdaptiveRate(first, most, Date.now());
    this.#burst = burst;
    this.#credit = burst;
    this.#at = Date.now();
  }

  turn(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    this.#releaseAllAt(signal);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#timer === null) this.#release();
    });
  }

  answered(failure: Failure | null): void {
    const now = Date.now();
    if (failure === null) {
      this.#closings = 0;
      this.#rate.accepted();
      return;
    }
    const isFirst = now >= this.#openAt;
    if (isFirst) this.#closings += 1;
    if (isFirst && failure.kind === 'rate-limited') this.#rate.refused(now);
    const own = Math.min(LONGEST_PAUSE_MS, 100 * 2 ** Math.min(this.#closings, 20));
    const asked = 'retryAfterMs' in failure ? failure.retryAfterMs : null;
    // A little more: clocks and timers are not exact, and being early is what costs.
    this.#openAt = Math.max(this.#openAt, now + (asked === null ? own : asked + 25));
    this.#schedule();
  }

  #release(): void {
    this.#timer = null;
    const now = Date.now();
    if (now < this.#openAt) return this.#schedule();
    if (this.#at < this.#openAt) {
      this.#at = now;
      this.#credit = Math.min(1, this.#burst);
      this.#rate.resumed(now);
    }
    this.#rate.grow(now);
    const { rate } = this.#rate;
    const most = Math.max(this.#burst, rate * CATCH_UP_S);
    this.#credit = Math.min(most, this.#credit + ((now - this.#at) / 1000) * rate);
    this.#at = now;
    while (this.#credit >= 1 && this.#next < this.#waiting.length) {
      this.#credit -= 1;
      this.#waiting[this.#next]?.();
      this.#next += 1;
    }
    // Taking from the front one by one would move all others each time.
    if (this.#next > 1000 || this.#next === this.#waiting.length) {
      this.#waiting.splice(0, this.#next);
      this.#next = 0;
    }
    this.#schedule();
  }

  #schedule(): void {
    if (this.#next === this.#waiting.length) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const credit = ((1 - this.#credit) / this.#rate.rate) * 1000;
    const wait = Math.max(1, Math.ceil(credit), this.#openAt - Date.now());
    this.#timer = setTimeout(() => this.#release(), wait);
  }

  /** Whoever waits sees for itself that its signal has ended. */
  #releaseAllAt(signal: AbortSignal): void {
    if (this.#signals.has(signal)) return;
    this.#signals.add(signal);
    signal.addEventListener(
      'abort',
      () => {
        for (const resolve of this.#waiting.splice(0)) resolve();
        this.#next = 0;
        if (this.#timer !== null) clearTimeout(this.#timer);
        this.#timer = null;
      },
      { once: true },
    );
  }
}
