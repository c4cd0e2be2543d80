const INTERVAL_MS = 1000;
const MANY = 20_000;

/** One write a second for each user or subscription. */
export class UserRate {
  #last = new Map<string, number>();

  /** Milliseconds to wait; 0 lets the request through and counts it. */
  wait(key: string, now: number): number {
    const last = this.#last.get(key);
    if (last !== undefined && now - last < INTERVAL_MS) return INTERVAL_MS - (now - last);
    if (this.#last.size > MANY) this.#forget(now);
    this.#last.set(key, now);
    return 0;
  }

  #forget(now: number): void {
    for (const [key, at] of this.#last) if (now - at >= INTERVAL_MS) this.#last.delete(key);
  }
}
