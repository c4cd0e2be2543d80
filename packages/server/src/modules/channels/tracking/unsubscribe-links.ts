import type { TokenSigner } from '../../../platform/crypto/index.ts';
import { isUuid } from '../../../platform/ids.ts';
import { openReference, sealerOf } from '../delivery-reference.ts';
import type { DeliveryReference } from '../delivery-reference.ts';

export interface UnsubscribeLinksOptions {
  /** Where recipients reach this server. Asked for each mail. */
  readonly publicUrl: () => string;
  readonly signer: TokenSigner;
}

/** Whose mails are to end, and in which of them the link stood. */
export interface UnsubscribeRequest {
  readonly appId: string;
  readonly reference: DeliveryReference;
}

/** What stands in a body where the link belongs. */
const PLACEHOLDER = '[unsubscribe_url]';

/** Signed links that end the mails to one subscription. They work for as long as the key that signed them is kept. */
export class UnsubscribeLinks {
  readonly #options: UnsubscribeLinksOptions;

  constructor(options: UnsubscribeLinksOptions) {
    this.#options = options;
  }

  /** What templates have as `subscription.unsubscribe_token`. */
  token({ appId, reference }: UnsubscribeRequest): string {
    return sealerOf(this.#options.signer, 'email unsubscribe', reference)(Buffer.from(appId));
  }

  url(request: UnsubscribeRequest): string {
    return `${this.#options.publicUrl().replace(/\/+$/, '')}/t/u/${this.token(request)}`;
  }

  /** Whose mails a token ends, or null when it is not ours. */
  read(token: string): UnsubscribeRequest | null {
    const opened = openReference(this.#options.signer, 'email unsubscribe', token);
    return opened === null || !isUuid(opened.text)
      ? null
      : { appId: opened.text, reference: opened.reference };
  }
}

/** A text of a mail with the link wherever it asks for it. */
export function putUnsubscribeUrl(text: string, url: string): string {
  return text.includes(PLACEHOLDER) ? text.replaceAll(PLACEHOLDER, url) : text;
}

/** Mail programs show a button of their own, which ends the mails without a page in between (RFC 8058). */
export function unsubscribeHeaders(url: string): Readonly<Record<string, string>> {
  return { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}
