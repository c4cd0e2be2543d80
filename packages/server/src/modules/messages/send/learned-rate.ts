/** Right after it was learnt: the provider counts what came before as well. */
const FIRST_SHARE = 0.8;
const LOWERED_SHARE = 0.7;
const RAISED_A_SECOND = 1.05;
/** Grown to so many times of what was learnt last, it is forgotten. */
const FORGOTTEN_TIMES = 10;
const SLOWEST_PER_S = 1;
/** What is accepted is counted over so long. */
const COUNTED_MS = 5_000;
const COUNTED_TOGETHER_MS = 250;
/** One page's refusals say the same thing many times. */
const LOWERED_EVERY_MS = 1_000;
/** So much of a second may go at once. */
const BURST_S = 0.25;
const LONGEST_PAUSE_MS = 60_000;

/** How many may go now, and when, in milliseconds since the epoch, to ask for more. */
export interface Taken {
  readonly count: number;
  readonly moreAt: number;
}

/** What the answers to some messages say of their number. */
export interface Answers {
  readonly accepted: number;
  /** Refused because there were too many at a time. */
  readonly limited: number;
  /** The longest that the provider asked to wait; null when it did not say. */
  readonly afterMs: number | null;
}

/**
 * How fast a provider takes messages: as fast as they come, until it says "too many"; then a little slower than it took
 * them, and faster again by a twentieth a second for as long as it says nothing. Times come with each call, in
 * milliseconds since the epoch.
 */
export class LearnedRate {
  #perSecond = Infinity;
  #learnt = Infinity;
  #tokens = 0;
  #filledAt = 0;
  #loweredAt = -Infinity;
  #pausedUntil = -Infinity;
  #accepted: { readonly at: number; count: number }[] = [];

  /** Infinity until the provider has said "too many". */
  get perSecond(): number {
    return this.#perSecond;
  }

  /** Takes the places of as many of `wanted` as may go now. */
  take(wanted: number, now: number): Taken {
    this.#fill(now);
    if (now < this.#pausedUntil) return { count: 0, moreAt: this.#pausedUntil };
    if (this.#perSecond === Infinity) return { count: wanted, moreAt: now };
    const count = Math.min(wanted, Math.floor(this.#tokens));
    this.#tokens -= count;
    const missing = Math.max(0, Math.min(wanted - count, this.#burst()) - this.#tokens);
    return { count, moreAt: now + Math.ceil((missing * 1_000) / this.#perSecond) };
  }

  learn({ accepted, limited, afterMs }: Answers, now: number): void {
    this.#count(accepted, now);
    if (limited === 0) return;
    this.#pausedUntil = Math.max(this.#pausedUntil, now + Math.min(afterMs ?? 0, LONGEST_PAUSE_MS));
    if (now - this.#loweredAt < LOWERED_EVERY_MS) return;
    this.#loweredAt = now;
    this.#fill(now);
    const lowered =
      this.#perSecond === Infinity ? this.#measured(now) * FIRST_SHARE : this.#perSecond * LOWERED_SHARE;
    this.#perSecond = this.#learnt = Math.max(SLOWEST_PER_S, lowered);
    this.#tokens = 0;
  }

  /** A thousand single messages a second make four entries. */
  #count(accepted: number, now: number): void {
    const last = this.#accepted.at(-1);
    if (last !== undefined && now - last.at < COUNTED_TOGETHER_MS) last.count += accepted;
    else {
      this.#accepted = this.#accepted.filter(({ at }) => at > now - COUNTED_MS);
      if (accepted > 0) this.#accepted.push({ at: now, count: accepted });
    }
  }

  #fill(now: number): void {
    const seconds = Math.max(0, now - this.#filledAt) / 1_000;
    this.#filledAt = now;
    if (this.#perSecond === Infinity) return;
    this.#perSecond *= RAISED_A_SECOND ** seconds;
    if (this.#perSecond > this.#learnt * FORGOTTEN_TIMES) this.#perSecond = Infinity;
    this.#tokens = Math.min(this.#burst(), this.#tokens + seconds * this.#perSecond);
  }

  #burst(): number {
    return Math.max(1, this.#perSecond * BURST_S);
  }

  /** Accepted in a second, of late: over a second at least, for a provider may let a whole second's go at once. */
  #measured(now: number): number {
    const count = this.#accepted.reduce((sum, one) => sum + one.count, 0);
    const since = this.#accepted[0]?.at ?? now;
    return count / Math.max(1, (now - since) / 1_000);
  }
}
