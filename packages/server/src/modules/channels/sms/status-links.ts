import type { TokenSigner } from '../../../platform/crypto/index.ts';
import { isUuid } from '../../../platform/ids.ts';
import { openReference, sealerOf } from '../delivery-reference.ts';
import type { DeliveryReference } from '../delivery-reference.ts';

export interface StatusLinksOptions {
  /** Where providers reach this server. Asked for each message. */
  readonly publicUrl: () => string;
  readonly signer: TokenSigner;
}

/** Which delivery of which app a report is about. */
export interface StatusSubject {
  readonly appId: string;
  readonly reference: DeliveryReference;
}

/** Who is given an address of its own for each delivery. */
export type ReportingProvider = 'twilio' | 'vonage';

/**
 * The addresses at which a provider tells what became of a message, one for each delivery. They are its only
 * trace of the delivery: its API has no idempotency key. Two messages with one address are one delivery that was
 * handed over twice, because the first answer was lost.
 */
export class StatusLinks {
  readonly #options: StatusLinksOptions;

  constructor(options: StatusLinksOptions) {
    this.#options = options;
  }

  url(provider: ReportingProvider, { appId, reference }: StatusSubject): string {
    const token = sealerOf(this.#options.signer, 'sms status', reference)(Buffer.from(appId));
    return `${this.#options.publicUrl().replace(/\/+$/, '')}/channels/sms/${provider}/events/${token}`;
  }

  /** What the last part of an address names, or null when it is not one of ours. */
  read(token: string): StatusSubject | null {
    const opened = openReference(this.#options.signer, 'sms status', token);
    return opened === null || !isUuid(opened.text)
      ? null
      : { appId: opened.text, reference: opened.reference };
  }
}
