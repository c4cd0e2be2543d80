/** Tokens that come back at `rate` a second, up to `size`. */
export class Bucket {
  #rate: number;
  #size: number;
  #tokens: number;
  #at: number;

  constructor(rate: number, size: number, now: number) {
    this.#rate = rate;
    this.#size = size;
    this.#tokens = size;
    this.#at = now;
  }

  /** Another rate from now on, with a second's worth of tokens at most. */
  change(rate: number, now: number): void {
    this.#fill(now);
    this.#rate = rate;
    this.#size = rate;
    this.#tokens = Math.min(this.#tokens, rate);
  }

  /** Takes a token; false where there is none. */
  take(now: number): boolean {
    this.#fill(now);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Milliseconds until there is a token. */
  wait(now: number): number {
    this.#fill(now);
    return this.#tokens >= 1 ? 0 : ((1 - this.#tokens) / this.#rate) * 1000;
  }

  #fill(now: number): void {
    this.#tokens = Math.min(this.#size, this.#tokens + ((now - this.#at) / 1000) * this.#rate);
    this.#at = now;
  }
}
