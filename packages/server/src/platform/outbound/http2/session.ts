import { connect } from 'node:http2';
import type { ClientHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { Clock, Timer } from '../../clock.ts';
import { exchange } from './exchange.ts';
import type { Goaway, Settle } from './exchange.ts';
import { Http2Fault } from './http2-fault.ts';
import type { Http2Request } from './http2-request.ts';
import { openSocket } from './open-socket.ts';
import type { SocketOptions } from './open-socket.ts';
import type { TimeLimit } from './time-limit.ts';

export interface SessionOptions extends SocketOptions {
  readonly clock: Clock;
  /** Requests on one connection at a time, where the peer allows as many. */
  readonly mostStreams: number;
  /** For the socket, TLS and the peer's SETTINGS together. */
  readonly connectTimeoutMs: number;
  /** A connection that has had nothing to do for so long is closed. */
  readonly idleMs: number;
  /** How often the peer is asked whether it is still there. */
  readonly pingEveryMs: number;
}

/** What a session tells whoever keeps it. */
export interface SessionNews {
  /** It may take more requests than before. */
  free(): void;
  /** It takes no more, whether or not some are still under way. */
  gone(): void;
  closed(session: Session): void;
}

/** For so long a peer may be silent that was asked whether it is still there. */
const PING_ANSWER_MS = 10_000;

const WORDS_OF_GOAWAY = 200;

/** One connection. Whoever sends a request through it takes a stream first with `take`. */
export class Session {
  readonly #http2: ClientHttp2Session;
  readonly #socket: Socket;
  readonly #options: SessionOptions;
  readonly #news: SessionNews;
  readonly #closed: Promise<void>;
  #taken = 0;
  #lastUse: number;
  #isGone = false;
  #isEnding = false;
  #goaway: Goaway = null;
  readonly #heard = () => this.#goaway;
  #tick: Timer;

  private constructor(http2: ClientHttp2Session, socket: Socket, options: SessionOptions, news: SessionNews) {
    this.#http2 = http2;
    this.#socket = socket;
    this.#options = options;
    this.#news = news;
    this.#lastUse = options.clock.now();
    this.#closed = new Promise((resolve) => void http2.once('close', resolve));
    http2.on('goaway', (_code, lastStream, data) => {
      const words = data?.toString('latin1', 0, WORDS_OF_GOAWAY) ?? '';
      this.#goaway = { lastStream, words: words || (this.#goaway?.words ?? '') };
      this.#leave();
    });
    http2.on('close', () => {
      this.#leave();
      news.closed(this);
    });
    http2.on('remoteSettings', () => news.free());
    this.#tick = this.#nextTick();
  }

  /**
   * Connects. Resolves when the peer has said how many requests it takes at a time: some allow only one
   * until they have seen who asks. Rejects with Http2Fault.
   */
  static async open(
    origin: URL,
    options: SessionOptions,
    news: SessionNews,
    ended: AbortSignal,
  ): Promise<Session> {
    const signal = AbortSignal.any([AbortSignal.timeout(options.connectTimeoutMs), ended]);
    const socket = await openSocket(origin, options, signal);
    const http2 = connect(origin, { createConnection: () => socket, settings: { enablePush: false } });
    // `close` follows. Before there is a session, nobody else listens.
    http2.on('error', () => undefined);
    await new Promise<void>((resolve, reject) => {
      const giveUp = () => {
        http2.destroy();
        socket.destroy();
      };
      if (signal.aborted) giveUp();
      signal.addEventListener('abort', giveUp, { once: true });
      http2.once('remoteSettings', () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      });
      http2.once('close', () => {
        const why = signal.aborted ? 'no connection in time' : 'the server ended the connection at once';
        reject(new Http2Fault('unreachable', why));
      });
    });
    return new Session(http2, socket, options, news);
  }

  /** It takes no more requests. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Takes a stream when one is free. */
  take(): boolean {
    const { maxConcurrentStreams = Infinity } = this.#http2.remoteSettings;
    if (this.#isGone || this.#taken >= Math.min(maxConcurrentStreams, this.#options.mostStreams))
      return false;
    this.#taken += 1;
    return true;
  }

  /** Sends a request on a stream that was taken, and gives the stream back before it tells what became of it. */
  request(asked: Http2Request, limit: TimeLimit, settle: Settle): void {
    exchange(this.#http2, asked, limit, this.#heard, (result) => {
      if (result instanceof Http2Fault && result.kind === 'timeout') this.#ask();
      this.#taken -= 1;
      this.#lastUse = this.#options.clock.now();
      settle(result);
      if (this.#isGone) this.#endWhenUnused();
      else this.#news.free();
    });
  }

  /** Ends the connection and what is under way on it. Resolves when it is closed. */
  async close(): Promise<void> {
    this.#leave();
    this.#end();
    await this.#closed;
  }

  #leave(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#tick.cancel();
    this.#news.gone();
    this.#endWhenUnused();
  }

  #endWhenUnused(): void {
    if (this.#taken === 0) this.#end();
  }

  /**
   * Node alone would wait until the peer, too, has closed a connection that had a GOAWAY. Not at once: this may be
   * called from within the parser of this very session, and to destroy it there ends the process on Node 20.
   */
  #end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    setImmediate(() => {
      this.#http2.destroy();
      this.#socket.destroy();
    });
  }

  #nextTick(): Timer {
    const { clock, pingEveryMs } = this.#options;
    return clock.at(clock.now() + pingEveryMs, () => {
      this.#tick = this.#nextTick();
      const isIdle = this.#taken === 0 && clock.now() - this.#lastUse >= this.#options.idleMs;
      if (isIdle) void this.close();
      else this.#ask();
    });
  }

  /** Asks the peer whether it is still there, and ends the connection when it is not. */
  #ask(): void {
    if (this.#http2.destroyed) return;
    const silence = setTimeout(() => this.#end(), PING_ANSWER_MS);
    silence.unref();
    const isAsked = this.#http2.ping(() => clearTimeout(silence));
    if (!isAsked) clearTimeout(silence);
  }
}
