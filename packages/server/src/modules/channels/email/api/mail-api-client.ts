import type { Clock } from '../../../../platform/clock.ts';
import { OutboundFault } from '../../../../platform/outbound/index.ts';
import type { Outbound } from '../../../../platform/outbound/index.ts';
import { Slots } from '../../../../platform/slots.ts';
import type { Outcome } from '../../channel.ts';
import type { Mail } from '../mail.ts';
import type { MailApi } from './mail-api.ts';

export interface MailApiClientOptions {
  readonly clock: Clock;
  readonly outbound: Outbound;
  /** Most requests at the same time. */
  readonly connections: number;
}

/** For the whole request, its wait for a connection included. */
const TIMEOUT_MS = 60_000;
const LARGEST_ANSWER = 64 * 1024;

/** Hands the mails of one account over. */
export class MailApiClient {
  readonly #api: MailApi;
  readonly #options: MailApiClientOptions;
  readonly #slots: Slots;
  #restUntil = Number.NEGATIVE_INFINITY;

  constructor(api: MailApi, options: MailApiClientOptions) {
    this.#api = api;
    this.#options = options;
    this.#slots = new Slots(options.connections);
  }

  /** Hands one mail over, when fewer than `connections` others are on their way. Never rejects. */
  send(mail: Mail): Promise<Outcome> {
    return this.#slots.run(() => this.#send(mail));
  }

  async #send(mail: Mail): Promise<Outcome> {
    const { clock, outbound } = this.#options;
    const { name, mostBytes } = this.#api;
    // Whoever is told to wait and asks on is made to wait longer.
    const rest = this.#restUntil - clock.now();
    if (rest > 0) return { state: 'retry', reason: `${name} asked to wait a moment ago`, afterMs: rest };
    const request = this.#api.compose(mail, clock.now());
    const size = Buffer.byteLength(request.body);
    if (size > mostBytes) {
      return { state: 'failed', reason: `the mail has ${size} bytes, and ${name} takes ${mostBytes}` };
    }
    try {
      const answer = await outbound.request({
        ...request,
        method: 'POST',
        timeoutMs: TIMEOUT_MS,
        mostBytes: LARGEST_ANSWER,
      });
      const outcome = this.#api.readAnswer(answer, clock.now());
      if (answer.status === 429 && outcome.state === 'retry' && outcome.afterMs !== null)
        this.#restUntil = clock.now() + outcome.afterMs;
      return outcome;
    } catch (error) {
      if (error instanceof OutboundFault) return outcomeOf(error, name);
      throw error;
    }
  }
}

/** Whether the provider has taken it is not known: it may go twice rather than not at all. */
function outcomeOf({ kind, message }: OutboundFault, name: string): Outcome {
  const hint = kind === 'forbidden' || kind === 'invalid' ? ' (look at base_url)' : '';
  return { state: 'retry', reason: `${name}: ${message}${hint}`, afterMs: null };
}
