import type { Clock } from '../../../../platform/clock.ts';

/** So many requests in a row got no answer. */
const SILENT = 20;
const REST_MS = 10_000;
/** Far more than there are; anybody can bring an endpoint along. */
const MOST = 1_000;

interface Silence {
  readonly requests: number;
  readonly restUntil: number;
}

const NONE: Silence = { requests: 0, restUntil: Number.NEGATIVE_INFINITY };

/**
 * Push services that do not answer. Browsers name them, so one may be there only to hold up what is for the
 * others: after some silence, one request at a time is all that waits for it.
 */
export class RestingOrigins {
  readonly #clock: Clock;
  readonly #silent = new Map<string, Silence>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a request may go there now. After a rest, the first that asks is the one that tries it. */
  mayAsk(origin: string): boolean {
    const silence = this.#of(origin);
    if (silence.requests < SILENT) return true;
    if (this.#clock.now() < silence.restUntil) return false;
    this.#rest(origin, silence.requests);
    return true;
  }

  /** It has answered something. */
  answered(origin: string): void {
    this.#silent.delete(origin);
  }

  /** A request to it got no answer in time. */
  silent(origin: string): void {
    const requests = this.#of(origin).requests + 1;
    if (this.#silent.size >= MOST && !this.#silent.has(origin)) this.#silent.clear();
    this.#rest(origin, requests);
  }

  #rest(origin: string, requests: number): void {
    this.#silent.set(origin, { requests, restUntil: this.#clock.now() + REST_MS });
  }

  #of(origin: string): Silence {
    return this.#silent.get(origin) ?? NONE;
  }
}
