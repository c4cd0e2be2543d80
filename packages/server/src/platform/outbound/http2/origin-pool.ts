import { timeoutOf } from './exchange.ts';
import { Http2Fault } from './http2-fault.ts';
import type { Http2Answer, Http2Request } from './http2-request.ts';
import { Session } from './session.ts';
import type { SessionNews, SessionOptions } from './session.ts';
import { TimeLimit } from './time-limit.ts';

export interface OriginPoolOptions extends SessionOptions {
  /** Connections to one origin at a time. */
  readonly mostSessions: number;
}

interface Waiting {
  readonly enter: (session: Session) => void;
  readonly refuse: (fault: Http2Fault) => void;
}

/** A request that the peer has not looked at is sent so often before that is the answer. */
const MOST_TRIES = 3;

/** For so long after no connection could be made, none is tried. */
const REST_MS = 1_000;

/** The connections to one origin. Another one is opened when all are full. */
export class OriginPool {
  readonly #origin: URL;
  readonly #options: OriginPoolOptions;
  /** Until they are closed, also those that take no more requests. */
  readonly #sessions = new Set<Session>();
  readonly #opening = new Set<Promise<void>>();
  readonly #waiting = new Set<Waiting>();
  #underWay = 0;
  #ended = new AbortController();
  #rest: { readonly until: number; readonly fault: Http2Fault } | null = null;

  constructor(origin: URL, options: OriginPoolOptions) {
    this.#origin = origin;
    this.#options = options;
  }

  /** Nothing is asked for and nothing is connected. */
  get isEmpty(): boolean {
    return this.#underWay === 0 && this.#sessions.size === 0 && this.#opening.size === 0;
  }

  /** Rejects with Http2Fault. */
  async request(asked: Http2Request): Promise<Http2Answer> {
    const limit = new TimeLimit(asked.timeoutMs);
    this.#underWay += 1;
    try {
      for (let tries = 1; ; tries += 1) {
        const session = this.#take() ?? (await this.#wait(limit));
        try {
          return await session.request(asked, limit);
        } catch (error) {
          const mayRepeat = error instanceof Http2Fault && error.kind === 'not-processed';
          if (!mayRepeat || tries === MOST_TRIES || limit.isOver) throw error;
        }
      }
    } finally {
      this.#underWay -= 1;
      limit.end();
    }
  }

  /** Ends all connections and what is under way or waits. Resolves when they are closed. */
  async close(): Promise<void> {
    this.#ended.abort();
    this.#ended = new AbortController();
    this.#rest = null;
    this.#refuseAll(new Http2Fault('unreachable', 'the connections were closed'));
    await Promise.all([...this.#opening, ...[...this.#sessions].map((session) => session.close())]);
  }

  #take(): Session | null {
    for (const session of this.#sessions) if (session.take()) return session;
    return null;
  }

  #wait(limit: TimeLimit): Promise<Session> {
    return new Promise((resolve, reject) => {
      const waiting = { enter: resolve, refuse: reject };
      this.#waiting.add(waiting);
      limit.watch(() => {
        this.#waiting.delete(waiting);
        reject(timeoutOf(limit, false));
      });
      this.#grow();
    });
  }

  /** Lets in who waits, as far as there is room, and opens a connection for the others. */
  readonly #letIn = (): void => {
    for (const waiting of this.#waiting) {
      const session = this.#take();
      if (session === null) break;
      this.#waiting.delete(waiting);
      waiting.enter(session);
    }
    this.#grow();
  };

  #grow(): void {
    const { mostSessions, mostStreams, clock } = this.#options;
    if (this.#waiting.size <= this.#opening.size * mostStreams) return;
    let taking = 0;
    for (const session of this.#sessions) if (!session.isGone) taking += 1;
    if (this.#rest !== null && clock.now() < this.#rest.until) {
      if (taking + this.#opening.size === 0) this.#refuseAll(this.#rest.fault);
      return;
    }
    if (taking + this.#opening.size >= mostSessions) return;
    const opening = this.#open(this.#ended.signal).finally(() => {
      this.#opening.delete(opening);
      this.#letIn();
    });
    this.#opening.add(opening);
  }

  async #open(ended: AbortSignal): Promise<void> {
    const news: SessionNews = {
      free: this.#letIn,
      gone: this.#letIn,
      closed: (session) => void this.#sessions.delete(session),
    };
    try {
      const session = await Session.open(this.#origin, this.#options, news, ended);
      if (ended.aborted) return await session.close();
      if (!session.isGone) this.#sessions.add(session);
      this.#rest = null;
    } catch (error) {
      if (ended.aborted) return;
      // Whoever waits and has no other connection is told by the next look at them.
      this.#rest = { until: this.#options.clock.now() + REST_MS, fault: error as Http2Fault };
    }
  }

  #refuseAll(fault: Http2Fault): void {
    for (const waiting of this.#waiting) waiting.refuse(fault);
    this.#waiting.clear();
  }
}
