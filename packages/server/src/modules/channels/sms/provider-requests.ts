import type { Clock } from '../../../platform/clock.ts';
import { OutboundFault } from '../../../platform/outbound/index.ts';
import type { Outbound, OutboundAnswer, OutboundRequest } from '../../../platform/outbound/index.ts';
import { Slots } from '../../../platform/slots.ts';
import type { Outcome } from '../channel.ts';

export interface ProviderRequestsOptions {
  readonly clock: Clock;
  readonly outbound: Outbound;
  /** As reasons name it: `Twilio`. */
  readonly provider: string;
  /** Most requests at the same time. */
  readonly connections: number;
  readonly read: (answer: OutboundAnswer, now: number) => Outcome;
}

/** For the whole request, its wait for a connection included. */
const TIMEOUT_MS = 30_000;
const LARGEST_ANSWER = 64 * 1024;

/** The requests to one account of a provider that is spoken to over HTTPS. */
export class ProviderRequests {
  readonly #options: ProviderRequestsOptions;
  readonly #slots: Slots;
  #restUntil = Number.NEGATIVE_INFINITY;

  constructor(options: ProviderRequestsOptions) {
    this.#options = options;
    this.#slots = new Slots(options.connections);
  }

  /** Posts one message, when fewer than `connections` others are on their way. Never rejects. */
  post(make: () => Omit<OutboundRequest, 'method' | 'timeoutMs' | 'mostBytes'>): Promise<Outcome> {
    return this.#slots.run(() => this.#post(make));
  }

  async #post(make: () => Omit<OutboundRequest, 'method' | 'timeoutMs' | 'mostBytes'>): Promise<Outcome> {
    const { clock, outbound, provider, read } = this.#options;
    // Whoever is told to wait and asks on is made to wait longer.
    const rest = this.#restUntil - clock.now();
    if (rest > 0) return { state: 'retry', reason: `${provider} asked to wait a moment ago`, afterMs: rest };
    try {
      const limits = { timeoutMs: TIMEOUT_MS, mostBytes: LARGEST_ANSWER };
      const answer = await outbound.request({ method: 'POST', ...make(), ...limits });
      const outcome = read(answer, clock.now());
      if (answer.status === 429 && outcome.state === 'retry' && outcome.afterMs !== null)
        this.#restUntil = clock.now() + outcome.afterMs;
      return outcome;
    } catch (error) {
      if (error instanceof OutboundFault) return this.#outcomeOfFault(error);
      throw error;
    }
  }

  /** Whether it was taken is not known: it may go twice rather than not at all. */
  #outcomeOfFault(fault: OutboundFault): Outcome {
    const hint = fault.kind === 'forbidden' || fault.kind === 'invalid' ? ' (look at base_url)' : '';
    return { state: 'retry', reason: `${this.#options.provider}: ${fault.message}${hint}`, afterMs: null };
  }
}
