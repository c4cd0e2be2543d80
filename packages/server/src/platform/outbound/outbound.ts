import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { rootCertificates } from 'node:tls';
import { guardedLookup, refuseAddress } from './guarded-lookup.ts';
import { OutboundFault } from './outbound-fault.ts';
import { reachableAddresses } from './reachable-addresses.ts';

export interface OutboundRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** http or https. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | null;
  /** For all of it, from the name to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Largest body of an answer. */
  readonly mostBytes: number;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const CONNECTIONS_A_HOST = 32;
/** How long a download may take to begin. */
const ANSWER_MS = 60_000;

/**
 * The one way to addresses that users of the API have chosen. It refuses machines that are not on the public
 * internet, by the address that is really connected to: a name that leads to another address a moment later
 * leads nowhere. Redirects are answers, and are not followed. Connections are kept for the next request.
 */
export class Outbound {
  readonly #isReachable: (address: string) => boolean;
  readonly #http: HttpAgent;
  readonly #https: HttpsAgent;

  /**
   * @param allowed ranges that are reachable although they are not public
   * @param authorities PEM of those that are trusted beside the public ones
   */
  constructor(allowed: readonly string[], authorities: readonly string[] = []) {
    this.#isReachable = reachableAddresses(allowed);
    const options = {
      keepAlive: true,
      maxSockets: CONNECTIONS_A_HOST,
      lookup: guardedLookup(this.#isReachable),
    };
    this.#http = new HttpAgent(options);
    const ca = authorities.length === 0 ? {} : { ca: [...rootCertificates, ...authorities] };
    this.#https = new HttpsAgent({ ...options, ...ca });
  }

  /** Rejects with OutboundFault when there is no whole answer. */
  async request(asked: OutboundRequest): Promise<OutboundAnswer> {
    const url = addressOf(asked.url);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    refuseAddress(host, this.#isReachable);
    const signal = AbortSignal.timeout(asked.timeoutMs);
    try {
      const answer = await this.#open(url, asked, signal);
      return {
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        body: await readBody(answer, asked.mostBytes),
      };
    } catch (error) {
      if (error instanceof OutboundFault) throw error;
      if (error instanceof TypeError) {
        throw new OutboundFault('invalid', 'a header has a value that no header can have', { cause: error });
      }
      if (signal.aborted) {
        throw new OutboundFault('timeout', `no answer within ${asked.timeoutMs / 1000} s`, { cause: error });
      }
      throw new OutboundFault('unreachable', wordsOf(error), { cause: error });
    }
  }

  /**
   * As `request`, with the body as it comes: of whatever length, and in whatever time. What of it is not read has to
   * be destroyed. Redirects are followed, each to an address that is looked at anew.
   */
  async download(url: string, { redirects = 5 } = {}): Promise<{ status: number; body: IncomingMessage }> {
    const address = addressOf(url);
    refuseAddress(address.hostname.replace(/^\[|\]$/g, ''), this.#isReachable);
    const waiting = new AbortController();
    const timer = setTimeout(() => waiting.abort(), ANSWER_MS);
    let body: IncomingMessage;
    try {
      body = await this.#open(address, { method: 'GET' }, waiting.signal);
    } catch (error) {
      if (waiting.signal.aborted) {
        throw new OutboundFault('timeout', `no answer within ${ANSWER_MS / 1000} s`, { cause: error });
      }
      throw error instanceof OutboundFault
        ? error
        : new OutboundFault('unreachable', wordsOf(error), { cause: error });
    } finally {
      clearTimeout(timer);
    }
    const { statusCode: status = 0, headers } = body;
    if (status < 300 || status > 399 || headers.location === undefined) return { status, body };
    body.destroy();
    if (redirects === 0) throw new OutboundFault('invalid', 'the URL leads from one to another without end');
    if (!URL.canParse(headers.location, url))
      throw new OutboundFault('invalid', 'the URL leads to one that cannot be read');
    return this.download(new URL(headers.location, url).href, { redirects: redirects - 1 });
  }

  /** Closes the connections that are kept. */
  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  #open(
    url: URL,
    asked: Pick<OutboundRequest, 'method' | 'headers' | 'body'>,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const { method, headers = {}, body = null } = asked;
    const isSecure = url.protocol === 'https:';
    const send = isSecure ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const request = send(url, { method, headers, agent: isSecure ? this.#https : this.#http, signal });
      request.on('response', resolve);
      request.on('error', reject);
      request.end(body ?? undefined);
    });
  }
}

/** Throws OutboundFault `invalid`. */
function addressOf(text: string): URL {
  if (!URL.canParse(text)) throw new OutboundFault('invalid', 'the URL cannot be read');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new OutboundFault('invalid', 'the URL is neither http nor https');
  }
  return url;
}

async function readBody(answer: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostBytes) {
      answer.destroy();
      throw new OutboundFault('too-large', `the answer is larger than ${mostBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Without addresses: whoever reads it need not know what is behind a name. */
function wordsOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  return code === undefined ? 'the connection failed' : `the connection failed (${code})`;
}
