import { constants } from 'node:http2';
import type { Http2Session } from 'node:http2';
import type { Answering } from './listen-for-both.ts';

interface Progress {
  /** The last request that was looked at. */
  lastBegun: number;
  underWay: number;
  isLeaving: boolean;
}

/**
 * Connections that end in order, as a server's do that is restarted. By HTTP/2 they say which requests they have
 * looked at, look at no other, and close when those are answered.
 */
export class LeavingConnections {
  readonly #progress = new WeakMap<Http2Session, Progress>();

  /** Whether a request that has come is looked at. */
  begin(answering: Answering): boolean {
    if (!('stream' in answering)) return true;
    const { stream } = answering;
    const { session } = stream;
    if (session === undefined) return false;
    const progress = this.#of(session);
    if (progress.isLeaving) return false;
    progress.lastBegun = Math.max(progress.lastBegun, stream.id ?? 0);
    progress.underWay += 1;
    stream.once('close', () => {
      progress.underWay -= 1;
      if (progress.isLeaving && progress.underWay === 0) session.close();
    });
    return true;
  }

  /** The connection takes no more than it has begun. */
  leave(answering: Answering): void {
    if (!('stream' in answering)) {
      answering.setHeader('connection', 'close');
      return;
    }
    const { session } = answering.stream;
    if (session === undefined) return;
    const progress = this.#of(session);
    if (progress.isLeaving) return;
    progress.isLeaving = true;
    session.goaway(constants.NGHTTP2_NO_ERROR, progress.lastBegun);
  }

  #of(session: Http2Session): Progress {
    const progress = this.#progress.get(session) ?? { lastBegun: 0, underWay: 0, isLeaving: false };
    this.#progress.set(session, progress);
    return progress;
  }
}
