import { OutboundFault } from './outbound-fault.ts';
import { refuseAddress } from './guarded-lookup.ts';

/** Where a URL leads. */
export interface Place {
  readonly origin: string;
  /** With what follows a question mark. */
  readonly path: string;
  /** RFC 7617: what the URL says of name and password; null where it says nothing of them. */
  readonly authorization: string | null;
}

/** Most URLs that are remembered. */
const MOST = 256;

/**
 * Reads URLs, and remembers those read last: the same few are asked over and over. What is remembered is what the text
 * says and nothing that was looked up: a name is looked up and judged at each connection that is made.
 */
export class Places {
  readonly #isReachable: (address: string) => boolean;
  readonly #known = new Map<string, Place>();

  constructor(isReachable: (address: string) => boolean) {
    this.#isReachable = isReachable;
  }

  /** Throws OutboundFault `invalid`, `forbidden`. */
  of(text: string): Place {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const url = readUrl(text);
    refuseAddress(url.hostname.replace(/^\[|\]$/g, ''), this.#isReachable);
    const place = {
      origin: url.origin,
      path: url.pathname + url.search,
      authorization: authorizationOf(url),
    };
    this.#remember(text, place);
    return place;
  }

  #remember(text: string, place: Place): void {
    this.#known.set(text, place);
    if (this.#known.size <= MOST) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }
}

function readUrl(text: string): URL {
  if (!URL.canParse(text)) throw new OutboundFault('invalid', 'the URL cannot be read');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new OutboundFault('invalid', 'the URL is neither http nor https');
  }
  return url;
}

function authorizationOf({ username, password }: URL): string | null {
  if (username === '' && password === '') return null;
  try {
    const told = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(told).toString('base64')}`;
  } catch (error) {
    throw new OutboundFault('invalid', 'the name or the password in the URL cannot be read', {
      cause: error,
    });
  }
}
