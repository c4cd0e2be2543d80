import { Call } from './call.ts';
import { timeoutOf } from './exchange.ts';
import { Http2Fault } from './http2-fault.ts';
import type { Http2Answer, Http2Request } from './http2-request.ts';
import { Session } from './session.ts';
import type { SessionNews, SessionOptions } from './session.ts';

export interface OriginPoolOptions extends SessionOptions {
  /** Connections to one origin at a time. */
  readonly mostSessions: number;
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
  readonly #waiting = new Set<Call>();
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
  request(asked: Http2Request): Promise<Http2Answer> {
    return new Promise((resolve, reject) => {
      this.#underWay += 1;
      this.#enter(new Call(asked, resolve, reject));
    });
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

  /** Sends it on a session that has room, now or later. */
  #enter(call: Call): void {
    const session = this.#take();
    if (session !== null) return this.#send(session, call);
    this.#waiting.add(call);
    call.limit.watch(() => {
      this.#waiting.delete(call);
      this.#settle(call, timeoutOf(call.limit, false));
    });
    this.#grow();
  }

  #send(session: Session, call: Call): void {
    call.tries += 1;
    session.request(call.asked, call.limit, (result) => {
      const mayRepeat = result instanceof Http2Fault && result.kind === 'not-processed';
      // The peer has not looked at it: on another session.
      if (mayRepeat && call.tries < MOST_TRIES && !call.limit.isOver) this.#enter(call);
      else this.#settle(call, result);
    });
  }

  #settle(call: Call, result: Http2Answer | Http2Fault): void {
    this.#underWay -= 1;
    call.settle(result);
  }

  /** Lets in who waits, as far as there is room, and opens a connection for the others. */
  readonly #letIn = (): void => {
    for (const call of this.#waiting) {
      const session = this.#take();
      if (session === null) break;
      this.#waiting.delete(call);
      this.#send(session, call);
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
    const refused = [...this.#waiting];
    this.#waiting.clear();
    for (const call of refused) this.#settle(call, fault);
  }
}
