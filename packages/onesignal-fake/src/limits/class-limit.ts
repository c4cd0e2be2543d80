import { Bucket } from './bucket.ts';

/** Counts of one endpoint class. */
export interface ClassCount {
  accepted: number;
  refused: number;
  /** Came before the time that `Retry-After` had named. */
  early: number;
  /** What the limit would have let through outside of the waits that were told. */
  permitted: number;
}

/** A request that is under way when the first 429 is answered knows nothing of it yet. */
const GRACE_MS = 250;

/** The rate of one endpoint class, and who has been told to wait how long. */
export class ClassLimit {
  readonly count: ClassCount = { accepted: 0, refused: 0, early: 0, permitted: 0 };
  readonly #bucket: Bucket;
  #rate: number;
  #toldAt = Number.NEGATIVE_INFINITY;
  #waitUntil = Number.NEGATIVE_INFINITY;
  #metered: number;

  constructor(rate: number, burst: number, now: number) {
    this.#rate = rate;
    this.#bucket = new Bucket(rate, burst, now);
    this.#metered = now;
  }

  get rate(): number {
    return this.#rate;
  }

  change(rate: number, now: number): void {
    this.#meter(now);
    this.#rate = rate;
    this.#bucket.change(rate, now);
  }

  /** null lets the request through; else the whole seconds to wait. `least` is the shortest wait told. */
  admit(now: number, least: number): { readonly retryAfter: number; readonly early: boolean } | null {
    this.#meter(now);
    const early = now < this.#waitUntil && now > this.#toldAt + GRACE_MS;
    if (early) this.count.early += 1;
    const told = now < this.#waitUntil;
    if (!told && this.#bucket.take(now)) {
      this.count.accepted += 1;
      return null;
    }
    this.count.refused += 1;
    const own = told ? this.#waitUntil - now : this.#bucket.wait(now);
    const retryAfter = Math.max(told ? 1 : least, Math.ceil(own / 1000));
    if (!told) {
      this.#toldAt = now;
      this.#waitUntil = now + retryAfter * 1000;
    }
    return { retryAfter, early };
  }

  #meter(now: number): void {
    const from = Math.min(now, Math.max(this.#metered, this.#waitUntil));
    this.count.permitted += ((now - from) / 1000) * this.#rate;
    this.#metered = now;
  }
}
