import type { Outcome } from '../../channels/index.ts';

/** Handed over while its provider went down: this was no attempt, and it is due again at `until`. */
export interface Held {
  readonly state: 'held';
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** What one page may do. */
export interface Admission {
  /** Recipients that the page may have. */
  readonly most: number;
  /** To be called once, when the page is closed, whatever came of it. */
  end(): void;
}

export type CircuitState =
  /** The provider is handed whatever there is. */
  | { readonly kind: 'closed' }
  /** Nothing is handed to it before `until`; then one small page tries it. Down since `since`. */
  | { readonly kind: 'open'; readonly since: number; readonly until: number; readonly reason: string }
  /** The small page is on its way. */
  | { readonly kind: 'probing'; readonly since: number; readonly until: number; readonly reason: string };

/** The last so many answers are looked at, and none that is older than `ANSWERS_COUNT_MS`. */
const ANSWERS = 20;
const ANSWERS_COUNT_MS = 60_000;
/** Fewer say nothing: one recipient's mailbox that is tried again and again makes four in a minute. */
const FEWEST = 10;
/** Of the answers, this share says "not now". */
const BAD_SHARE = 0.8;

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;
/** Recipients of the page that tries a provider again. */
export const PROBE = 8;

export const FREE: Admission = { most: Infinity, end: () => undefined };

/**
 * Stops handing pages to a provider that answers "not now" to nearly everything: for a pause that grows from
 * five seconds to a minute, after which one small page tries it. Only retries count against a provider; a
 * refused recipient or content is an answer like any other. Times come with each call, in milliseconds.
 */
export class Circuit {
  readonly #changed: () => void;
  #state: CircuitState = { kind: 'closed' };
  #answers: { readonly at: number; readonly bad: boolean }[] = [];
  #pauseMs = 0;
  #closedAt = Number.NEGATIVE_INFINITY;

  /** `changed` is called after every change of `state`. */
  constructor(changed: () => void = () => undefined) {
    this.#changed = changed;
  }

  get state(): CircuitState {
    return this.#state;
  }

  /** What the next page may do, or null when it has to wait. */
  admit(now: number): Admission | null {
    const state = this.#state;
    switch (state.kind) {
      case 'closed':
        return FREE;
      case 'probing':
        return null;
      case 'open': {
        if (now < state.until) return null;
        const probing: CircuitState = { ...state, kind: 'probing' };
        this.#become(probing);
        // A page that reached nobody has tried nothing: the next one may.
        const end = () => {
          if (this.#state === probing) this.#become(state);
        };
        return { most: PROBE, end };
      }
    }
  }

  /**
   * Learns from the answers to a page, and returns them as they count for the recipients: what failed because
   * the provider went down is held. A probe's failures stay attempts: a delivery that is always the probe, and
   * fails for a reason of its own, must come to its end.
   */
  judge(outcomes: readonly Outcome[], now: number): readonly (Outcome | Held)[] {
    if (outcomes.length === 0) return outcomes;
    switch (this.#state.kind) {
      case 'closed':
        this.#remember(outcomes, now);
        if (this.#isBroken(now)) this.#open(now, now, reasonIn(outcomes));
        return this.#holdBad(outcomes, now);
      case 'open':
        // Pages that had been under way already. Whether it is back, the probe tells.
        return this.#holdBad(outcomes, now);
      case 'probing':
        if (badShare(outcomes) < BAD_SHARE) this.#close(now);
        else this.#open(this.#state.since, now, reasonIn(outcomes));
        return outcomes;
    }
  }

  /** Nothing is to be handed to it before `until`, although it works. */
  rest(now: number, until: number, reason: string): void {
    const since = this.#state.kind === 'closed' ? now : this.#state.since;
    this.#answers = [];
    this.#become({ kind: 'open', since, until, reason });
  }

  /**
   * What becomes of a recipient whom the provider is not handed now. They come again one after the other: whether
   * it is back, the first of them shows.
   */
  hold(now: number, random = Math.random()): Held {
    const state = this.#state;
    switch (state.kind) {
      case 'closed':
        return heldUntil(now, 'the provider was down');
      case 'open':
        return heldUntil(Math.max(now, state.until) + random * LONGEST_PAUSE_MS, state.reason);
      case 'probing':
        return heldUntil(now + FIRST_PAUSE_MS + random * LONGEST_PAUSE_MS, state.reason);
    }
  }

  #remember(outcomes: readonly Outcome[], now: number): void {
    const latest = outcomes.slice(-ANSWERS).map((outcome) => ({ at: now, bad: isBad(outcome) }));
    this.#answers = [...this.#answers, ...latest].slice(-ANSWERS);
  }

  #isBroken(now: number): boolean {
    const recent = this.#answers.filter(({ at }) => now - at < ANSWERS_COUNT_MS);
    const bad = recent.filter((answer) => answer.bad).length;
    return recent.length >= FEWEST && bad >= recent.length * BAD_SHARE;
  }

  #open(since: number, now: number, reason: string): void {
    // One that breaks soon after it was tried again has not recovered.
    const again = this.#state.kind === 'probing' || now - this.#closedAt < 2 * this.#pauseMs;
    this.#pauseMs = again ? Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2) : FIRST_PAUSE_MS;
    this.#answers = [];
    this.#become({ kind: 'open', since, until: now + this.#pauseMs, reason });
  }

  #close(now: number): void {
    this.#closedAt = now;
    this.#become({ kind: 'closed' });
  }

  #become(state: CircuitState): void {
    this.#state = state;
    this.#changed();
  }

  #holdBad(outcomes: readonly Outcome[], now: number): readonly (Outcome | Held)[] {
    const state = this.#state;
    if (state.kind === 'closed') return outcomes;
    const until = Math.max(now, state.until);
    return outcomes.map((outcome) =>
      isBad(outcome) && outcome.state === 'retry'
        ? { state: 'held', reason: outcome.reason, until }
        : outcome,
    );
  }
}

function heldUntil(until: number, reason: string): Held {
  return { state: 'held', reason, until: Math.round(until) };
}

/** One that takes fewer at a time is not down: `LearnedRate` learns from it. */
function isBad(outcome: Outcome): outcome is Extract<Outcome, { readonly state: 'retry' }> {
  return outcome.state === 'retry' && outcome.limited !== true;
}

function badShare(outcomes: readonly Outcome[]): number {
  return outcomes.filter(isBad).length / outcomes.length;
}

function reasonIn(outcomes: readonly Outcome[]): string {
  const bad = outcomes.findLast((outcome) => outcome.state === 'retry');
  return bad?.reason ?? 'the provider does not answer';
}
