import type { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import { Agent, errors } from 'undici';
import type { Dispatcher } from 'undici';
import { guardedLookup } from './guarded-lookup.ts';
import { OutboundFault } from './outbound-fault.ts';
import { Places } from './places.ts';
import { reachableAddresses } from './reachable-addresses.ts';
import { WholeAnswer } from './whole-answer.ts';
import type { AnswerLimits, OutboundAnswer } from './whole-answer.ts';

export interface OutboundRequest extends AnswerLimits {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** http or https. A name and a password in it are sent, unless there is a header `authorization`. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | null;
}

const CONNECTIONS_A_HOST = 32;
/** A request whose time is over leaves its connection attempt behind: a host that drops packets must not hold all of them for long. */
const CONNECT_MS = 10_000;
/** A connection that nobody uses is kept for so long, or as the other side says. */
const KEPT_MS = 30_000;
/** How long a download may take to begin. */
const ANSWER_MS = 60_000;

/**
 * The one way to addresses that users of the API have chosen. It refuses machines that are not on the public
 * internet, by the address that is really connected to: a name that leads to another address a moment later
 * leads nowhere. Redirects are answers, and are not followed. Connections are kept for the next request.
 */
export class Outbound {
  readonly #places: Places;
  readonly #makeAgent: () => Agent;
  #agent: Agent;

  /**
   * @param allowed ranges that are reachable although they are not public
   * @param authorities PEM of those that are trusted beside the public ones
   */
  constructor(allowed: readonly string[], authorities: readonly string[] = []) {
    const isReachable = reachableAddresses(allowed);
    this.#places = new Places(isReachable);
    const options = {
      connections: CONNECTIONS_A_HOST,
      keepAliveTimeout: KEPT_MS,
      // Requests have a time for all of it, which is ours to keep.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: {
        timeout: CONNECT_MS,
        // Every connection is made here: names are looked up by the guard, and addresses have been looked at before.
        lookup: guardedLookup(isReachable),
        ...(authorities.length > 0 && { ca: [...rootCertificates, ...authorities] }),
      },
    };
    this.#makeAgent = () => new Agent(options);
    this.#agent = this.#makeAgent();
  }

  /** Rejects with OutboundFault when there is no whole answer. */
  request(asked: OutboundRequest): Promise<OutboundAnswer> {
    return new Promise((resolve, reject) => {
      const { origin, path, headers } = this.#headOf(asked.url, asked.headers);
      const options = { origin, path, headers, method: asked.method, body: asked.body ?? null };
      const failed = (error: Error) => reject(faultOf(error));
      this.#agent.dispatch(options, new WholeAnswer(asked, resolve, failed));
    });
  }

  /**
   * As `request`, with the body as it comes: of whatever length, and in whatever time. What of it is not read has to
   * be destroyed. Redirects are followed, each to an address that is looked at anew.
   */
  async download(url: string, { redirects = 5 } = {}): Promise<{ status: number; body: Readable }> {
    const head = this.#headOf(url);
    const waiting = new AbortController();
    const timer = setTimeout(() => waiting.abort(), ANSWER_MS);
    let answer: Dispatcher.ResponseData;
    try {
      answer = await this.#agent.request({ ...head, method: 'GET', signal: waiting.signal });
    } catch (error) {
      if (waiting.signal.aborted) {
        throw new OutboundFault('timeout', `no answer within ${ANSWER_MS / 1000} s`, { cause: error });
      }
      throw faultOf(error);
    } finally {
      clearTimeout(timer);
    }
    const { statusCode: status, headers, body } = answer;
    // One that is destroyed before its end fails, with or without somebody who reads it.
    body.on('error', () => undefined);
    const location = [headers.location].flat()[0];
    if (status < 300 || status > 399 || location === undefined) return { status, body };
    body.destroy();
    if (redirects === 0) throw new OutboundFault('invalid', 'the URL leads from one to another without end');
    if (!URL.canParse(location, url))
      throw new OutboundFault('invalid', 'the URL leads to one that cannot be read');
    return this.download(new URL(location, url).href, { redirects: redirects - 1 });
  }

  /** Closes the connections that are kept, and breaks off what is under way. A request afterwards opens new ones. */
  close(): void {
    const closed = this.#agent;
    this.#agent = this.#makeAgent();
    void closed.destroy();
  }

  /** Where a request goes, and with which headers. Throws OutboundFault `invalid`, `forbidden`. */
  #headOf(url: string, headers: Readonly<Record<string, string>> = {}) {
    const { origin, path, authorization } = this.#places.of(url);
    const isSaid = authorization === null || hasAuthorization(headers);
    return { origin, path, headers: isSaid ? headers : { ...headers, authorization } };
  }
}

function hasAuthorization(headers: Readonly<Record<string, string>>): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
}

function faultOf(error: unknown): OutboundFault {
  if (error instanceof OutboundFault) return error;
  if (error instanceof errors.InvalidArgumentError || error instanceof errors.NotSupportedError) {
    return new OutboundFault('invalid', 'a header has a value that no header can have', { cause: error });
  }
  return new OutboundFault('unreachable', wordsOf(error), { cause: error });
}

/** Without addresses: whoever reads it need not know what is behind a name. */
function wordsOf(error: unknown): string {
  // undici's word for a connection that ended before its answer did.
  const code = error instanceof errors.SocketError ? 'ECONNRESET' : (error as NodeJS.ErrnoException).code;
  return code === undefined ? 'the connection failed' : `the connection failed (${code})`;
}
