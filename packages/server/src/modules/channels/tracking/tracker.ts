import type { TokenSigner } from '../../../platform/crypto/index.ts';
import { openReference, sealReference, sealerOf } from '../delivery-reference.ts';
import type { DeliveryReference } from '../delivery-reference.ts';
import { decodeEntities, rewriteLinks } from './rewrite-links.ts';

export interface TrackerOptions {
  /** Where recipients reach this server: `https://mail.example.com`. Asked for each mail. */
  readonly publicUrl: () => string;
  readonly signer: TokenSigner;
}

/** Tokens are path segments, and those end at 4,096 characters: a longer address is left as it is. */
const LONGEST_URL = 2_500;
/** Addresses with something personal in them are never seen again, and push the others out. */
const MOST_REMEMBERED = 2_000;

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
  /** Links by the way they are written: a template's are the same in every mail. Null: left alone. */
  readonly #targets = new Map<string, Buffer | null>();

  constructor(options: TrackerOptions) {
    this.#options = options;
  }

  /** The HTML of one recipient's mail with tracked links and the pixel, as far as they are wanted. */
  track(reference: DeliveryReference, { html, trackClicks, trackOpens }: TrackedContent): string {
    const { signer } = this.#options;
    const publicUrl = this.#options.publicUrl().replace(/\/+$/, '');
    const clickable = trackClicks ? this.#trackLinks(reference, html, publicUrl) : html;
    if (!trackOpens) return clickable;
    return addPixel(clickable, `${publicUrl}/t/o/${sealReference(signer, 'email open', reference)}`);
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

  #trackLinks(reference: DeliveryReference, html: string, publicUrl: string): string {
    const seal = sealerOf(this.#options.signer, 'email click', reference);
    return rewriteLinks(html, (written) => {
      const target = this.#targetOf(written, publicUrl);
      return target === null ? null : `${publicUrl}/t/c/${seal(target)}`;
    });
  }

  #targetOf(written: string, publicUrl: string): Buffer | null {
    const known = this.#targets.get(written);
    if (known !== undefined) return known;
    const target = trackable(decodeEntities(written).trim(), publicUrl);
    if (this.#targets.size >= MOST_REMEMBERED) this.#targets.clear();
    this.#targets.set(written, target);
    return target;
  }
}

/** The address in bytes, or null when it is not to be tracked. */
function trackable(url: string, publicUrl: string): Buffer | null {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return null;
  if (url === publicUrl || url.startsWith(`${publicUrl}/`)) return null;
  const bytes = Buffer.from(url);
  return bytes.length > LONGEST_URL ? null : bytes;
}

function addPixel(html: string, url: string): string {
  const pixel = `<img src="${url}" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0">`;
  const lower = html.lastIndexOf('</body>');
  const at = lower === -1 ? html.lastIndexOf('</BODY>') : lower;
  return at === -1 ? html + pixel : html.slice(0, at) + pixel + html.slice(at);
}
