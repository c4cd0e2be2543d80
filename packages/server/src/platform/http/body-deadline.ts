import type { IncomingMessage } from 'node:http';
import type { Http } from './route.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The handler reads the body as it comes, and has its own patience. */
    streamsBody?: boolean;
  }
}

/** How often slow senders are looked for, as a part of the time they have. */
const LOOKS = 8;
/** As Node says it when its own limit is reached. */
const TOO_SLOW = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';

interface Incomplete {
  readonly since: number;
  /** What comes is only thrown away. */
  readonly answered: boolean;
}

/**
 * Ends the connection of whoever takes longer than `limitMs` for the whole body. Node's own limit holds for
 * every request alike; a route that streams may take longer, until its answer is complete.
 */
export function limitBodyTime(http: Http, limitMs: number): void {
  const incomplete = new Map<IncomingMessage, Incomplete>();
  const look = setInterval(() => {
    const latest = performance.now() - limitMs;
    for (const [request, { since, answered }] of incomplete) {
      if (request.complete || request.destroyed) incomplete.delete(request);
      else if (since > latest) continue;
      else if (answered) request.destroy();
      else request.socket.end(TOO_SLOW, () => request.destroy());
    }
  }, limitMs / LOOKS);
  look.unref();
  http.addHook('onClose', (_http, done) => {
    clearInterval(look);
    done();
  });

  http.addHook('onRequest', ({ raw, routeOptions }, _reply, done) => {
    if (hasBody(raw) && routeOptions.config.streamsBody !== true) {
      incomplete.set(raw, { since: performance.now(), answered: false });
    }
    done();
  });
  http.addHook('preValidation', ({ raw }, _reply, done) => {
    if (raw.complete) incomplete.delete(raw);
    done();
  });
  http.addHook('onResponse', ({ raw }, _reply, done) => {
    if (raw.complete) incomplete.delete(raw);
    else if (hasBody(raw)) incomplete.set(raw, { since: performance.now(), answered: true });
    done();
  });
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
