import type { Clock } from '../../../../platform/clock.ts';
import { Http2Client, Http2Fault, Outbound, OutboundFault } from '../../../../platform/outbound/index.ts';
import type { Outcome } from '../../channel.ts';
import type { PushRequest } from './compose-request.ts';
import type { PushAnswer } from './read-push-answer.ts';

export interface PushPosterOptions {
  readonly clock: Clock;
  /** Ranges that may be connected to beside the public internet: whoever subscribes chooses where we post. */
  readonly outboundAllowed: readonly string[];
  /** The origin of the sandbox's push service, which is on this machine, or null. Asked for each request. */
  readonly sandboxOrigin?: () => string | null;
  /** PEM of authorities that are trusted beside the public ones. */
  readonly authorities?: readonly string[];
}

/** Push services answer within a second. */
const ANSWER_MS = 20_000;
const LARGEST_ANSWER = 16_384;

/** So long a push service is asked by HTTP/1.1 that did not speak HTTP/2. */
const OLD_MS = 3_600_000;
/** Far more than there are; anybody can bring an endpoint along. */
const MOST_OLD = 1_000;

/** Posts to push services by HTTP/2, or by HTTP/1.1 to those that speak nothing else. */
export class PushPoster {
  readonly #options: PushPosterOptions;
  readonly #guarded: Http2Client;
  readonly #sandbox: Http2Client;
  readonly #http1: Outbound;
  /** Until when each of them is asked by HTTP/1.1. */
  readonly #old = new Map<string, number>();

  constructor(options: PushPosterOptions) {
    const { clock, outboundAllowed, authorities = [] } = options;
    this.#options = options;
    this.#guarded = new Http2Client({ clock, allowed: outboundAllowed, tls: { ca: authorities } });
    this.#sandbox = new Http2Client({ clock, allowed: null });
    this.#http1 = new Outbound(outboundAllowed, authorities);
  }

  /** How many requests to one push service go on at a time. */
  get mostAtOnce(): number {
    return this.#guarded.mostAtOnce;
  }

  /** Rejects with Http2Fault or OutboundFault when there is no whole answer. */
  async post(request: PushRequest): Promise<PushAnswer> {
    const { origin } = request;
    const isSandbox = origin === this.#options.sandboxOrigin?.();
    if (!isSandbox && this.#isOld(origin)) return this.#postOld(request);
    const client = isSandbox ? this.#sandbox : this.#guarded;
    try {
      return await client.request({
        method: 'POST',
        ...request,
        timeoutMs: ANSWER_MS,
        mostBytes: LARGEST_ANSWER,
      });
    } catch (error) {
      if (!(error instanceof Http2Fault) || error.kind !== 'not-http2') throw error;
      this.#remember(origin);
      return this.#postOld(request);
    }
  }

  async close(): Promise<void> {
    this.#http1.close();
    await Promise.all([this.#guarded.close(), this.#sandbox.close()]);
  }

  #postOld({ origin, path, headers, body }: PushRequest): Promise<PushAnswer> {
    const url = origin + path;
    const limits = { timeoutMs: ANSWER_MS, mostBytes: LARGEST_ANSWER };
    return this.#http1.request({ method: 'POST', url, headers, body, ...limits });
  }

  #isOld(origin: string): boolean {
    const until = this.#old.get(origin);
    return until !== undefined && this.#options.clock.now() < until;
  }

  #remember(origin: string): void {
    if (this.#old.size >= MOST_OLD) this.#old.clear();
    this.#old.set(origin, this.#options.clock.now() + OLD_MS);
  }
}

/** A request without an answer. Throws what is no fault of the network. */
export function outcomeOfFault(error: unknown): Outcome {
  if (!isFault(error)) throw error;
  const isFinal = error.kind === 'invalid' || error.kind === 'forbidden';
  const reason = `the push service was not reached: ${error.message}`;
  return isFinal ? { state: 'failed', reason } : { state: 'retry', reason, afterMs: null };
}

/** Whether the push service said nothing at all. A connection that was cut is not that. */
export function isSilence(error: unknown): boolean {
  return isFault(error) && (error.kind === 'timeout' || error.kind === 'unreachable');
}

function isFault(error: unknown): error is Http2Fault | OutboundFault {
  return error instanceof Http2Fault || error instanceof OutboundFault;
}
