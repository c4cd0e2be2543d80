import type { Allowance } from '../../platform/http/rate.ts';
import type { Grant, Metered } from './grant.ts';

/** A process asks for an eighth of what it uses in a window, so that little is held and not used. */
const PARTS = 8;
/** Below this a part is used up before it is worth asking early. */
const SMALLEST_ASKED_EARLY = 8;
/** What an address may spend in a window before its process asks: a 64th of its limit. */
const FREE_PARTS = 64;
/** How long an answer holds, whatever the window: so soon does a changed limit reach every process. */
const HOLDS_MS = 1_000;

/**
 * One limit as one process sees it: what it has reserved, and when that ends. Times are this process's,
 * counted from before it asked the database, so that nothing reserved is spent after its window.
 */
export class Meter {
  readonly key: string;
  readonly of: Metered;
  /** Requests that wait for the database's answer. */
  waiting = 0;
  #limit: number | null = null;
  #window = 0;
  #seconds = 1;
  #left = 0;
  /** Reserved by nobody when the database last answered. */
  #free = 0;
  #askedAt = 0;
  #holdsUntil = 0;
  #endsAt = 0;
  #askEarlyAt = -1;
  #spent = 0;
  #spentBefore = 0;
  /** Spent, or to be spent, without having been reserved. */
  #borrowed = 0;

  constructor(of: Metered) {
    this.of = of;
    this.key = `${of.rate} ${of.ownerId} ${of.address}`;
  }

  /** True while the database's last answer is good. A clock that was set back must not lengthen that. */
  holds(now: number): boolean {
    return now < this.#holdsUntil && now >= this.#askedAt;
  }

  /** Takes one request; `ask` when only the database can tell. */
  take(now: number): Allowance | 'unlimited' | 'ask' {
    if (!this.holds(now)) return 'ask';
    if (this.#limit === null) return 'unlimited';
    if (this.#left > 0) {
      this.#left -= 1;
      this.#spent += 1;
      return this.#allowance(true, now);
    }
    return this.#free > 0 ? 'ask' : this.#allowance(false, now);
  }

  /**
   * Spares the database the many addresses that come with a few requests: takes over from `terms`, which
   * knows the app's limit and window, and gives out a small part of it that is reserved only if more is
   * wanted. False when this address has to ask.
   */
  borrow(terms: Meter): boolean {
    const isSame = terms.#window === this.#window && terms.#limit === this.#limit;
    if (isSame && this.#borrowed === 0 && this.#limit !== null) return false;
    if (!isSame) {
      this.#open(terms.#limit, terms.#window, terms.#seconds);
      this.#borrowed = Math.floor((terms.#limit ?? 0) / FREE_PARTS);
      this.#left = this.#borrowed;
      this.#free = (terms.#limit ?? 0) - this.#borrowed;
    }
    this.#askedAt = terms.#askedAt;
    this.#endsAt = terms.#endsAt;
    this.#holdsUntil = terms.#holdsUntil;
    this.#askEarlyAt = -1;
    return true;
  }

  /** Time to ask for the next part, so that nobody has to wait for it. */
  get isLow(): boolean {
    return this.#left <= this.#askEarlyAt && this.#free > 0;
  }

  /** How much to ask for: what was borrowed, enough for those who wait, about a part of what a window uses. */
  wanted(now: number): number {
    const part = Math.ceil(Math.max(this.#spent, this.#spentBefore) / PARTS);
    const held = now < this.#endsAt ? this.#left : 0;
    return this.#borrowed + Math.max(0, Math.max(part, this.waiting) - held);
  }

  /** Takes an answer in; `askedAt` is when it was asked for. */
  receive(grant: Grant, askedAt: number): void {
    // It was on its way while the next window began, of which something is borrowed by now.
    if (grant.limit !== null && grant.windowSeconds === this.#seconds && grant.window < this.#window) return;
    if (grant.window !== this.#window || grant.limit !== this.#limit) {
      this.#open(grant.limit, grant.window, grant.windowSeconds);
    }
    this.#left = Math.max(0, this.#left + grant.granted - this.#borrowed);
    this.#borrowed = 0;
    this.#free = Math.max(0, (grant.limit ?? 0) - grant.used);
    this.#askedAt = askedAt;
    this.#endsAt = askedAt + grant.endsInMs;
    this.#holdsUntil = Math.min(this.#endsAt, askedAt + HOLDS_MS);
    this.#askEarlyAt = this.#left >= SMALLEST_ASKED_EARLY ? this.#left >> 1 : -1;
  }

  /** Lets everything in for a moment: the database does not answer. */
  open(now: number): void {
    this.receive({ limit: null, windowSeconds: 1, granted: 0, used: 0, window: 0, endsInMs: HOLDS_MS }, now);
  }

  #open(limit: number | null, window: number, seconds: number): void {
    // After a pause, what was used before says nothing.
    this.#spentBefore = window - this.#window === seconds ? this.#spent : 0;
    this.#spent = 0;
    this.#left = 0;
    this.#borrowed = 0;
    this.#limit = limit;
    this.#window = window;
    this.#seconds = seconds;
  }

  #allowance(admitted: boolean, now: number): Allowance {
    return {
      admitted,
      limit: this.#limit ?? 0,
      remaining: this.#left + this.#free,
      resetSeconds: Math.max(1, Math.ceil((this.#endsAt - now) / 1_000)),
    };
  }
}
