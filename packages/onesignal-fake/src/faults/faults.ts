import { randomFrom } from './random.ts';

/** What happens to one request. */
export type Fault =
  | 'none'
  /** Does what was asked and never says so. */
  | 'lose-answer'
  /** The connection is reset before anything is done. */
  | 'reset'
  | 'rate-limit'
  | 'unavailable'
  | 'server-error'
  /** Does what was asked and trickles the answer out over `slowMs`. */
  | 'slow-body';

/** A cap that jumps about, and waits of several seconds for whoever runs into it. */
export interface Flapping {
  readonly least: number;
  readonly most: number;
  readonly everyMs: number;
  /** Seconds, at least and at most. */
  readonly retryAfter: readonly [least: number, most: number];
}

export interface FaultSettings {
  /** The same seed gives the same faults for the same requests. */
  readonly seed: number;
  /** Share of the requests, 0 to 1, for each kind of fault. */
  readonly rates: Readonly<Partial<Record<Exclude<Fault, 'none'>, number>>>;
  /** What happens to the next requests, one each, before the rates apply. */
  readonly script: readonly Fault[];
  /** Milliseconds that each answer takes. */
  readonly delayMs: number;
  readonly slowMs: number;
  /** Flaps the cap of writes of users. */
  readonly flapping: Flapping | null;
}

export const NO_FAULTS: FaultSettings = {
  seed: 1,
  rates: {},
  script: [],
  delayMs: 0,
  slowMs: 2000,
  flapping: null,
};

/** Decides what goes wrong, request by request; may be changed at any time. */
export class Faults {
  #settings: FaultSettings = NO_FAULTS;
  #random = randomFrom(NO_FAULTS.seed);
  #script: Fault[] = [];

  get settings(): FaultSettings {
    return this.#settings;
  }

  /** What is not named stays as it is. */
  set(changes: Partial<FaultSettings>): void {
    this.#settings = { ...this.#settings, ...changes };
    if (changes.seed !== undefined) this.#random = randomFrom(changes.seed);
    if (changes.script !== undefined) this.#script = [...changes.script];
  }

  clear(): void {
    this.set(NO_FAULTS);
  }

  next(): Fault {
    const scripted = this.#script.shift();
    if (scripted !== undefined) return scripted;
    let point = this.#random();
    for (const [fault, share] of Object.entries(this.#settings.rates) as [Fault, number][]) {
      if (point < share) return fault;
      point -= share;
    }
    return 'none';
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }
}
