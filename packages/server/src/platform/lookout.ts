import type { Clock, Timer } from './clock.ts';
import type { Hints, HintTopic } from './database/hints.ts';
import { OneAtATime } from './one-at-a-time.ts';

export interface LookoutOptions {
  readonly clock: Clock;
  readonly hints: Hints;
  /** A hint on it is a reason to look. */
  readonly topic: HintTopic;
  /** Hints can be lost, and another process can die: looks anyway. On the machine's clock, in milliseconds. */
  readonly everyMs: number;
  /** Does what is due now, and returns when the next is due, in milliseconds since the epoch; null for nothing. */
  readonly look: () => Promise<number | null>;
  readonly onError: (error: unknown) => void;
}

/** Looks for work that is due: at a hint, when something comes due, and from time to time. Once at a time. */
export class Lookout {
  readonly #options: LookoutOptions;
  readonly #looking: OneAtATime;
  #isStopping = false;
  #wake: Timer | undefined;
  #beating: NodeJS.Timeout | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(options: LookoutOptions) {
    this.#options = options;
    this.#looking = new OneAtATime(() => this.#look(), options.onError);
  }

  /** What is under way comes to its end, and nothing more is begun. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  start(): void {
    const { hints, topic, everyMs } = this.#options;
    this.#unsubscribe = hints.on(topic, () => this.look());
    this.#beating = setInterval(() => this.look(), everyMs);
    this.#beating.unref();
    this.look();
  }

  /** Resolves when the look under way is over. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#unsubscribe?.();
    this.#wake?.cancel();
    clearInterval(this.#beating);
    await this.#looking.stop();
  }

  /** Looks now, or again once the look under way is over. */
  look(): void {
    this.#looking.ask();
  }

  async #look(): Promise<void> {
    const { clock, look } = this.#options;
    const next = await look();
    this.#wake?.cancel();
    if (next !== null && !this.#isStopping) this.#wake = clock.at(next, () => this.look());
  }
}
