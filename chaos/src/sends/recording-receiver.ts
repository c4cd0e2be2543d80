import { readMessageId, startSmtpReceiver, systemClock } from '@carillon/server';
import type { SmtpReceiver, TokenSigner } from '@carillon/server';

/** Mails that arrived for one delivery. */
export interface Arrival {
  times: number;
  /** Every address they were sent to: one, if all is well. */
  readonly addresses: Set<string>;
}

/** A mail server that writes down what arrives, by the delivery that its Message-ID names. */
export class RecordingReceiver {
  readonly arrivals = new Map<string, Arrival>();
  /** Mails whose Message-ID is not one of ours. */
  strangers = 0;
  /** All mails. */
  mails = 0;
  readonly #signer: TokenSigner;
  #receiver: SmtpReceiver | undefined;

  constructor(signer: TokenSigner) {
    this.#signer = signer;
  }

  async start(): Promise<{ port: number }> {
    this.#receiver = await startSmtpReceiver({
      clock: systemClock,
      host: '127.0.0.1',
      port: 0,
      keepsBodies: false,
      take: async ({ providerId, recipient }) => this.#record(providerId, recipient),
    });
    return this.#receiver;
  }

  async close(): Promise<void> {
    await this.#receiver?.close();
  }

  #record(providerId: string, recipient: string): void {
    this.mails += 1;
    const reference = readMessageId(this.#signer, providerId);
    if (reference === null) {
      this.strangers += 1;
      return;
    }
    const key = deliveryKey(reference.messageId, reference.subscriptionId);
    const arrival = this.arrivals.get(key) ?? { times: 0, addresses: new Set() };
    arrival.times += 1;
    arrival.addresses.add(recipient);
    this.arrivals.set(key, arrival);
  }
}

export function deliveryKey(messageId: string, subscriptionId: string): string {
  return `${messageId} ${subscriptionId}`;
}
