import type { Clock } from '../../clock.ts';
import { reachableAddresses } from '../reachable-addresses.ts';
import { Http2Fault } from './http2-fault.ts';
import type { Http2Answer, Http2Request } from './http2-request.ts';
import type { TlsIdentity } from './open-socket.ts';
import { OriginPool } from './origin-pool.ts';
import type { OriginPoolOptions } from './origin-pool.ts';

export interface Http2ClientOptions {
  /** For connections that are idle, are asked whether they are alive, or rest: never for a request's time. */
  readonly clock: Clock;
  /**
   * Ranges that may be connected to beside the public internet, as the operator's CARILLON_OUTBOUND_ALLOWED
   * says; null: any address, for addresses that no user chose. It is the address really connected to that
   * is looked at.
   */
  readonly allowed: readonly string[] | null;
  /** A certificate of ours, authorities beside the public ones. */
  readonly tls?: TlsIdentity;
  /** Connections to one origin at a time; 4 when absent. */
  readonly mostSessions?: number;
  /** Requests on one connection at a time, where the peer allows as many; 100 when absent. */
  readonly mostStreams?: number;
  /** Milliseconds until a connection must stand; 10 s when absent. */
  readonly connectTimeoutMs?: number;
  /** A connection is closed that has had nothing to do for so many milliseconds; 5 min when absent. */
  readonly idleMs?: number;
  /** How often a peer is asked whether it is still there, in milliseconds; 30 s when absent. */
  readonly pingEveryMs?: number;
}

/**
 * HTTP/2 over connections that are kept: some to each origin, opened when there is more to send than fits
 * into those that are, and closed when they have nothing to do.
 *
 * ```ts
 * const client = new Http2Client({ clock, allowed: config.outboundAllowed });
 * const { origin, pathname, search } = new URL(endpoint);
 * try {
 *   const answer = await client.request({
 *     method: 'POST', origin, path: pathname + search,
 *     headers: { ttl: '60' }, body, timeoutMs: 30_000, mostBytes: 16_384,
 *   });
 *   answer.status; // any status is an answer: redirects are not followed, nothing is repeated for a 5xx
 * } catch (error) {
 *   if (error instanceof Http2Fault) error.isInDoubt; // whether the peer may have acted on it
 * }
 * ```
 *
 * Requests beyond what the connections hold wait in the order in which they came; their time runs. A request
 * that the peer says it has not looked at (a GOAWAY that names an earlier stream, REFUSED_STREAM) is sent again
 * by itself, a few times, on a connection that takes it. Any other lost request is in doubt, and is the
 * caller's to repeat. For a second after no connection could be made, requests to that origin are answered
 * `unreachable` at once.
 */
export class Http2Client {
  readonly #options: OriginPoolOptions;
  readonly #pools = new Map<string, OriginPool>();

  constructor(options: Http2ClientOptions) {
    const { clock, allowed, tls = null } = options;
    this.#options = {
      clock,
      tls,
      isReachable: allowed === null ? null : reachableAddresses(allowed),
      mostSessions: options.mostSessions ?? 4,
      mostStreams: options.mostStreams ?? 100,
      connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
      idleMs: options.idleMs ?? 300_000,
      pingEveryMs: options.pingEveryMs ?? 30_000,
    };
  }

  /** How many requests to one origin go on at a time; more than that wait. */
  get mostAtOnce(): number {
    return this.#options.mostSessions * this.#options.mostStreams;
  }

  /** It has no connections and nothing under way. */
  get isIdle(): boolean {
    for (const pool of this.#pools.values()) if (!pool.isEmpty) return false;
    return true;
  }

  /** Rejects with Http2Fault when there is no whole answer. */
  request(asked: Http2Request): Promise<Http2Answer> {
    const { origin } = asked;
    const pool = this.#pools.get(origin) ?? this.#poolOf(origin);
    return pool instanceof Http2Fault ? Promise.reject(pool) : pool.request(asked);
  }

  /** Ends every connection and what is under way. Requests after it open new ones. */
  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.close()));
  }

  #poolOf(text: string): OriginPool | Http2Fault {
    for (const [known, pool] of this.#pools) if (pool.isEmpty) this.#pools.delete(known);
    const origin = originOf(text);
    if (origin === null) {
      return new Http2Fault('invalid', 'the origin is no https:// or http:// address without a path');
    }
    const pool = new OriginPool(origin, this.#options);
    this.#pools.set(text, pool);
    return pool;
  }
}

/** Null for what is no origin. */
function originOf(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  return isWeb && url.origin === text ? url : null;
}
