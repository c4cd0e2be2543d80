import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Http } from './route.ts';

const METHODS = 'GET, POST, PUT, PATCH, DELETE, OPTIONS';
/** What device SDKs send; a page that asks for other headers is given those. */
const HEADERS = 'authorization, content-type, onesignal-subscription-id, sdk-version';
/** Headers of an answer that a page may read besides Content-Type and its like. */
const EXPOSED =
  'Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Idempotent-Replayed, X-Request-Id';
/** Seconds that a browser need not ask again; Chromium keeps to two hours whatever is said. */
const REMEMBERED = '86400';

const HEADER_NAMES = /^[\w!#$%&'*+.^`|~-]+(?:[\t ]*,[\t ]*[\w!#$%&'*+.^`|~-]+)*$/;
const LONGEST_NAMES = 1_024;

/**
 * Lets pages of any origin call the API and read its answers, and answers their preflights: why any, is
 * in docs/decisions/2026-11-25-pages-of-any-origin-may-call.md. A request without Origin comes from no
 * page, and pays for one look at its headers. An OPTIONS request that is no preflight goes on to its 405.
 */
export function letPagesCall(http: Http): void {
  http.addHook('onRequest', (request, reply, done) => {
    if (request.headers.origin === undefined || !isForPages(request)) return done();
    void reply.header('access-control-allow-origin', '*');
    if (request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined) {
      answerPreflight(request, reply);
      return;
    }
    void reply.header('access-control-expose-headers', EXPOSED);
    done();
  });
}

/** Routes of modules, and paths that do not exist: a page that may not read its 404 takes it for an outage. */
function isForPages({ routeOptions: { config }, is404 }: FastifyRequest): boolean {
  return is404 || (config.access !== undefined && config.pages !== 'own');
}

function answerPreflight({ headers }: FastifyRequest, reply: FastifyReply): void {
  const asked = headers['access-control-request-headers'] ?? '';
  const isFine = asked.length <= LONGEST_NAMES && HEADER_NAMES.test(asked);
  void reply
    .code(204)
    .header('access-control-allow-methods', METHODS)
    .header('access-control-allow-headers', isFine ? asked : HEADERS)
    .header('access-control-max-age', REMEMBERED)
    .header('vary', 'Access-Control-Request-Headers')
    .send();
}
