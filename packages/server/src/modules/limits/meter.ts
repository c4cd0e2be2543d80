import type { RateClass, RateLimit } from '@carillon/wire';
import type { Allowance } from '../../platform/http/rate.ts';

/** Which limit it is. */
export interface Metered {
  /** An app, or an organization for calls about no app. */
  readonly ownerId: string;
  readonly rate: RateClass;
  /** A client's address, or '' where all callers share the limit. */
  readonly address: string;
}

/** What the database answers to a process that asks for a part of a limit. */
export interface Grant {
  /** What holds now: the app's own limit or the server's. */
  readonly limit: RateLimit['limit'];
  readonly windowSeconds: number;
  /** This process may let in so many more. */
  readonly granted: number;
  /** Reserved in this window by all processes, this grant included. */
  readonly used: number;
  /** Names the window: its end, in seconds since the epoch, on the database's clock. */
  readonly window: number;
  /** From the moment of the answer to the end of the window. */
  readonly endsInMs: number;
}

/** A process asks for an eighth of what it uses in a window, so that little is held and not used. */
const PARTS = 8;
/** Below this a part is used up before it is worth asking early. */
const SMALLEST_ASKED_EARLY = 8;
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
  #left = 0;
  /** Reserved by nobody when the database last answered. */
  #free = 0;
  #askedAt = 0;
  #holdsUntil = 0;
  #endsAt = 0;
  #askEarlyAt = -1;
  #spent = 0;
  #spentBefore = 0;

  constructor(of: Metered) {
    this.of = of;
    this.key = `${of.rate} ${of.ownerId} ${of.address}`;
  }

  /** Takes one request; `ask` when only the database can tell. */
  take(now: number): Allowance | 'unlimited' | 'ask' {
    // A clock that was set back must not lengthen a window.
    if (now >= this.#holdsUntil || now < this.#askedAt) return 'ask';
    if (this.#limit === null) return 'unlimited';
    if (this.#left > 0) {
      this.#left -= 1;
      this.#spent += 1;
      return this.#allowance(true, now);
    }
    return this.#free > 0 ? 'ask' : this.#allowance(false, now);
  }

  /** Time to ask for the next part, so that nobody has to wait for it. */
  get isLow(): boolean {
    return this.#left <= this.#askEarlyAt && this.#free > 0;
  }

  /** How much to ask for: enough for those who wait, and about a part of what is used in a window. */
  wanted(now: number): number {
    const part = Math.ceil(Math.max(this.#spent, this.#spentBefore) / PARTS);
    const held = now < this.#endsAt ? this.#left : 0;
    return Math.max(0, Math.max(part, this.waiting) - held);
  }

  /** Takes an answer in; `askedAt` is when it was asked for. */
  receive(grant: Grant, askedAt: number): void {
    if (grant.window !== this.#window || grant.limit !== this.#limit) {
      // After a pause, what was used before says nothing.
      this.#spentBefore = grant.window - this.#window === grant.windowSeconds ? this.#spent : 0;
      this.#spent = 0;
      this.#left = 0;
    }
    this.#limit = grant.limit;
    this.#window = grant.window;
    this.#left += grant.granted;
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

  #allowance(admitted: boolean, now: number): Allowance {
    return {
      admitted,
      limit: this.#limit ?? 0,
      remaining: this.#left + this.#free,
      resetSeconds: Math.max(1, Math.ceil((this.#endsAt - now) / 1_000)),
    };
  }
}
