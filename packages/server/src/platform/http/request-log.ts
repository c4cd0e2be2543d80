import { randomBytes } from 'node:crypto';
import type { Logger } from '../log.ts';
import type { Http } from './route.ts';

/** Ids that are unique across processes and cost nothing: a random start and a count. */
export function requestIds(): () => string {
  const start = randomBytes(5).toString('hex');
  let count = 0;
  return () => `${start}-${(count += 1).toString(36)}`;
}

/**
 * One line a request, when it has been answered. It names the route by its pattern, because the path
 * itself may hold an address or a name.
 */
export function logRequests(http: Http, log: Logger): void {
  http.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  http.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url;
    // Probes come every few seconds and say nothing.
    const level = route?.startsWith('/health/') === true && reply.statusCode < 400 ? 'debug' : 'info';
    log[level](
      {
        request: request.id,
        method: request.method,
        route,
        app: request.appId === '' ? undefined : request.appId,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    );
    done();
  });
}
