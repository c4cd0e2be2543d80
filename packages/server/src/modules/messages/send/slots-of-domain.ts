/** Slots that have come, of a domain to which nothing has gone for a while: so much may go at once. */
const BURST_MS = 1_000;

/**
 * Gives mails to one domain their times, so that no more than so many a minute go: each behind the last one. Times are
 * in milliseconds since the epoch.
 */
export class SlotsOfDomain {
  readonly #apartMs: number;
  #next = -Infinity;

  constructor(perMinute: number) {
    this.#apartMs = 60_000 / perMinute;
  }

  /** When one more may go; null for now. */
  take(now: number): number | null {
    const slot = Math.max(this.#next, now - BURST_MS);
    this.#next = slot + this.#apartMs;
    return slot <= now ? null : Math.round(slot);
  }
}
