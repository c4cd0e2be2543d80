/** After a refusal: this part of the rate, or of what was let through, whichever is less. */
const CUT = 0.85;
const OF_MEASURED = 0.95;
/** Requests a second at the least: one that never comes never learns. */
const SLOWEST = 0.2;
/** Seconds without a refusal before the rate grows, and then how fast, each second. */
const QUIET_S = 1;
const FIRST_GROWTH = 0.2;
const MOST_GROWTH = 1.5;

/**
 * Pure: how many requests a second a server seems to let through. Cut down by a refusal to what was
 * really let through since sending began or went on, because servers give a second's worth at once and
 * then refill; grows again slowly at first, then faster and faster.
 */
export class AdaptiveRate {
  readonly #most: number;
  #rate: number;
  #since: number;
  #grown: number;
  #growth = FIRST_GROWTH;
  #accepted = 0;

  /** Begins at `first` requests a second, and never comes above `most`. */
  constructor(first: number, most: number, now: number) {
    this.#most = most;
    this.#rate = first;
    this.#since = now;
    this.#grown = now;
  }

  /** Requests a second. */
  get rate(): number {
    return this.#rate;
  }

  accepted(): void {
    this.#accepted += 1;
  }

  /** One refusal counts for all that were under way with it: call it once for each pause. */
  refused(now: number): void {
    const seconds = Math.max(0, now - this.#since) / 1000;
    const measured = this.#accepted / (seconds + 1);
    this.#rate = Math.max(SLOWEST, Math.min(this.#rate * CUT, measured * OF_MEASURED));
    this.#growth = FIRST_GROWTH;
    this.resumed(now);
  }

  /** Sending goes on after a pause. */
  resumed(now: number): void {
    this.#since = now;
    this.#grown = now;
    this.#accepted = 0;
  }

  grow(now: number): void {
    const seconds = Math.max(0, now - this.#grown) / 1000;
    this.#grown = now;
    if (now - this.#since < QUIET_S * 1000) return;
    this.#growth = Math.min(MOST_GROWTH, this.#growth * Math.exp(seconds));
    this.#rate = Math.min(this.#most, this.#rate * Math.exp(this.#growth * seconds));
  }
}
