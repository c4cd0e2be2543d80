import type { TokenSigner } from '../../../platform/crypto/index.ts';
import { openReference, sealReference, sealerOf } from '../delivery-reference.ts';
import type { DeliveryReference } from '../delivery-reference.ts';
import { decodeEntities, encodeEntities, rewriteLinks } from './rewrite-links.ts';
import { tagLink } from './tag-link.ts';

export interface TrackerOptions {
  /** Where recipients reach this server: `https://mail.example.com`. Asked for each mail. */
  readonly publicUrl: () => string;
  readonly signer: TokenSigner;
}

/** Tokens are path segments, and those end at 4,096 characters: a longer address is left as it is. */
const LONGEST_URL = 2_500;
/** Addresses with something personal in them are never seen again, and push the others out. */
const MOST_REMEMBERED = 2_000;

/** As `textFromHtml` writes it. */
const LINK_IN_TEXT = /\((https?:\/\/[^\s()]+)\)/gi;

export interface TrackedContent {
  readonly html: string;
  readonly trackClicks: boolean;
  readonly trackOpens: boolean;
  /** What every link is to carry: `utm_source=shop`. Null for nothing. */
  readonly linkTags: string | null;
}

/**
 * Makes mails tell when they are opened and which links are followed. Links lead through this
 * server and carry their target, signed, so that nothing has to be stored or looked up per link.
 *
 * Links get the parameters of web analytics on the way, whether clicks are counted or not.
 *
 * Left alone: what is not http or https (mailto, tel, #anchors, a placeholder that was not filled
 * in) and links to this server itself, above all the one to unsubscribe.
 */
export class Tracker {
  readonly #options: TrackerOptions;
  /** Links by the way they are written: a template's are the same in every mail. Null: left alone. */
  readonly #targets = new Map<string, Buffer | null>();
  /** The same for links that are not tracked and only tagged. */
  readonly #tagged = new Map<string, string | null>();

  constructor(options: TrackerOptions) {
    this.#options = options;
  }

  /** The HTML of one recipient's mail with tracked links and the pixel, as far as they are wanted. */
  track(reference: DeliveryReference, content: TrackedContent): string {
    const { html, trackClicks, trackOpens, linkTags } = content;
    const { signer } = this.#options;
    const publicUrl = this.#options.publicUrl().replace(/\/+$/, '');
    const clickable = trackClicks
      ? this.#trackLinks(reference, html, { publicUrl, linkTags })
      : this.#tagLinks(html, { publicUrl, linkTags });
    if (!trackOpens) return clickable;
    return addPixel(clickable, `${publicUrl}/t/o/${sealReference(signer, 'email open', reference)}`);
  }

  /** The plain text with tags on its links, which stand in brackets behind their words. */
  tagText(text: string, linkTags: string | null): string {
    if (linkTags === null) return text;
    const publicUrl = this.#options.publicUrl().replace(/\/+$/, '');
    return text.replace(LINK_IN_TEXT, (link: string, url: string) =>
      addressIn(url, publicUrl) === null ? link : `(${tagLink(url, linkTags)})`,
    );
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

  #trackLinks(reference: DeliveryReference, html: string, place: Place): string {
    const seal = sealerOf(this.#options.signer, 'email click', reference);
    return rewriteLinks(html, (written) => {
      const target = remembered(this.#targets, written, place, targetOf);
      return target === null ? null : `${place.publicUrl}/t/c/${seal(target)}`;
    });
  }

  #tagLinks(html: string, place: Place): string {
    if (place.linkTags === null) return html;
    return rewriteLinks(html, (written) => remembered(this.#tagged, written, place, taggedLink));
  }
}

interface Place {
  readonly publicUrl: string;
  readonly linkTags: string | null;
}

/** Links with other tags are other links. */
function remembered<Target>(
  memory: Map<string, Target>,
  written: string,
  place: Place,
  make: (written: string, place: Place) => Target,
): Target {
  const key = place.linkTags === null ? written : `${place.linkTags} ${written}`;
  const known = memory.get(key);
  if (known !== undefined) return known;
  const target = make(written, place);
  if (memory.size >= MOST_REMEMBERED) memory.clear();
  memory.set(key, target);
  return target;
}

/** The address in bytes, or null when it is not to be tracked. */
function targetOf(written: string, { publicUrl, linkTags }: Place): Buffer | null {
  const url = addressIn(written, publicUrl);
  if (url === null) return null;
  const bytes = Buffer.from(linkTags === null ? url : tagLink(url, linkTags));
  return bytes.length > LONGEST_URL ? null : bytes;
}

/** The address as an attribute has it, with its tags, or null when it stays as it is. */
function taggedLink(written: string, { publicUrl, linkTags }: Place): string | null {
  const url = addressIn(written, publicUrl);
  return url === null || linkTags === null ? null : encodeEntities(tagLink(url, linkTags));
}

/** The web address that a link leads to; null for all else, and for links to this server. */
function addressIn(written: string, publicUrl: string): string | null {
  const url = decodeEntities(written).trim();
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return null;
  return url === publicUrl || url.startsWith(`${publicUrl}/`) ? null : url;
}

function addPixel(html: string, url: string): string {
  const pixel = `<img src="${url}" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0">`;
  const lower = html.lastIndexOf('</body>');
  const at = lower === -1 ? html.lastIndexOf('</BODY>') : lower;
  return at === -1 ? html + pixel : html.slice(0, at) + pixel + html.slice(at);
}
