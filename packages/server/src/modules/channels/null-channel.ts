import type { Channel, Envelope, Outcome, ProviderAccount } from './channel.ts';
import type { Transport } from './transport.ts';

const DROPPED: Outcome = { state: 'sent', ref: null };

/** Takes every message and drops it: to measure everything but the provider. */
export class NullChannel implements Channel<unknown, unknown> {
  readonly name: Transport;
  #dropped = 0;

  constructor(name: Transport) {
    this.name = name;
  }

  /** How many messages it has taken. */
  get dropped(): number {
    return this.#dropped;
  }

  capacity(): number {
    return Infinity;
  }

  async deliver(_: ProviderAccount<unknown>, page: readonly Envelope<unknown>[]): Promise<Outcome[]> {
    this.#dropped += page.length;
    return page.map(() => DROPPED);
  }

  async close(): Promise<void> {
    // It has nothing open.
  }
}
