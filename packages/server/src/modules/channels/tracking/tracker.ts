import type { TokenSigner } from '../../../platform/crypto/index.ts';
import { openReference, sealReference } from '../delivery-reference.ts';
import type { DeliveryReference } from '../delivery-reference.ts';
import { rewriteLinks } from './rewrite-links.ts';

export interface TrackerOptions {
  /** Where recipients reach this server: `https://mail.example.com`. Asked for each mail. */
  readonly publicUrl: () => string;
  readonly signer: TokenSigner;
}

/** Tokens are path segments, and those end at 4,096 characters: a longer address is left as it is. */
const LONGEST_URL = 2_500;

export interface TrackedContent {
  readonly html: string;
  readonly trackClicks: boolean;
  readonly trackOpens: boolean;
}

/**
 * Makes mails tell when they are opened and which links are followed. Links lead through this
 * server and carry their target, signed, so that nothing has to be stored or looked up per link.
 *
 * Left alone: what is not http or https (mailto, tel, #anchors, a placeholder that was not filled
 * in) and links to this server itself, above all the one to unsubscribe.
 */
export class Tracker {
  readonly #options: TrackerOptions;

  constructor(options: TrackerOptions) {
    this.#options = options;
  }

  /** The HTML of one recipient's mail with tracked links and the pixel, as far as they are wanted. */
  track(reference: DeliveryReference, { html, trackClicks, trackOpens }: TrackedContent): string {
    const clickable = trackClicks ? rewriteLinks(html, (url) => this.#clickUrl(reference, url)) : html;
    return trackOpens ? addPixel(clickable, this.#openUrl(reference)) : clickable;
  }

  /** The delivery that an open token names, or null when the token is not ours. */
  readOpen(token: string): DeliveryReference | null {
    return openReference(this.#options.signer, 'email open', token)?.reference ?? null;
  }

  /** The delivery and the target that a click token names, or null when the token is not ours. */
  readClick(token: string): { readonly reference: DeliveryReference; readonly url: string } | null {
    const opened = openReference(this.#options.signer, 'email click', token);
    return opened === null ? null : { reference: opened.reference, url: opened.text };
  }

  #clickUrl(reference: DeliveryReference, url: string): string | null {
    const { signer } = this.#options;
    const publicUrl = this.#publicUrl();
    if (Buffer.byteLength(url) > LONGEST_URL) return null;
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return null;
    if (url === publicUrl || url.startsWith(`${publicUrl}/`)) return null;
    return `${publicUrl}/t/c/${sealReference(signer, 'email click', reference, url)}`;
  }

  #publicUrl(): string {
    return this.#options.publicUrl().replace(/\/+$/, '');
  }

  #openUrl(reference: DeliveryReference): string {
    const { signer } = this.#options;
    return `${this.#publicUrl()}/t/o/${sealReference(signer, 'email open', reference)}`;
  }
}

function addPixel(html: string, url: string): string {
  const pixel = `<img src="${url}" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0">`;
  const lower = html.lastIndexOf('</body>');
  const at = lower === -1 ? html.lastIndexOf('</BODY>') : lower;
  return at === -1 ? html + pixel : html.slice(0, at) + pixel + html.slice(at);
}
