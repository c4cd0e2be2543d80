import type { AddressInfo, Server } from 'node:net';
import { LogController, fastify } from 'fastify';
import type { FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { guardAccess } from './access.ts';
import { ApiError } from './api-error.ts';
import { describeApi, serveApiPage } from './api-docs.ts';
import { letPagesCall } from './cross-origin.ts';
import { limitBodyTime } from './body-deadline.ts';
import { answerErrors, sendError } from './error-handler.ts';
import { serveHealth } from './health.ts';
import type { Check } from './health.ts';
import { acceptJson } from './json-body.ts';
import { collectMethods } from './methods.ts';
import { queryReader } from './query-values.ts';
import type { RateLimiter } from './rate.ts';
import { sharedSerializers } from './shared-serializers.ts';
import { prepareShutdown } from './shutdown.ts';
import { logRequests, requestIds } from './request-log.ts';
import type { Authenticator, Http, Routes } from './route.ts';

export interface HttpLimits {
  /** Largest body, in bytes, of routes that set no `bodyLimit` of their own. */
  readonly bodyBytes: number;
  /** How long a client may take to send one whole body, in milliseconds; not where a route streams it. */
  readonly bodyMs: number;
  /** How long `close` waits for requests in flight, in milliseconds. */
  readonly closeMs: number;
}

export const DEFAULT_LIMITS: HttpLimits = { bodyBytes: 1024 * 1024, bodyMs: 120_000, closeMs: 10_000 };

export interface HttpServerOptions {
  readonly routes: readonly Routes[];
  readonly authenticator: Authenticator;
  /** Without one, requests are not counted. */
  readonly limiter?: RateLimiter;
  readonly log: Logger;
  readonly clock: Clock;
  readonly limits?: HttpLimits;
  /** What `/health/ready` asks. */
  readonly checks?: Readonly<Record<string, Check>>;
  /** Addresses of proxies whose X-Forwarded-For is believed; none by default. */
  readonly trustedProxies?: readonly string[];
}

export interface HttpServer {
  /** For tests (`inject`) and for parts that serve more than the API, such as the dashboard's files. */
  readonly http: Http;
  /**
   * Begins to listen; port 0 takes a free one. `listener` has the port already and gives it up to this server.
   * Returns the address, such as `http://127.0.0.1:8080`.
   */
  listen(options: { host: string; port: number; listener?: Server | null }): Promise<string>;
  /** Takes no new connection, lets requests in flight finish until the limit, then ends. */
  close(): Promise<void>;
}

/** Above the 60 s of common load balancers, so that they and not we end an idle connection. */
const KEEP_ALIVE_MS = 75_000;
/** The time a client has to send its headers. */
const HEADERS_MS = 60_000;
/** Web push endpoints appear in paths, percent-encoded. */
const LONGEST_PARAMETER = 4_096;

/** The API over HTTP: routes of the modules, errors, health and the API's own description. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { log, clock, limits = DEFAULT_LIMITS, checks = {}, trustedProxies = [] } = options;
  const http: Http = fastify({
    loggerInstance: log,
    // One line a request is our own; a child logger for each would be paid for and not used.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (logger) => logger,
    genReqId: requestIds(),
    bodyLimit: limits.bodyBytes,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: { headersTimeout: HEADERS_MS },
    // While closing, requests on open connections are served and told to close: none is lost.
    return503OnClosing: false,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    rewriteUrl: ({ url = '/' }) => withoutPrefix(url),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: LONGEST_PARAMETER },
    frameworkErrors: (_error, _request, reply) => {
      void sendError(reply, new ApiError('url-malformed'), 'basic');
    },
    schemaController: { compilersFactory: { buildSerializer: sharedSerializers } },
    ajv: {
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        allowUnionTypes: true,
        discriminator: true,
      },
    },
  }).withTypeProvider<TypeBoxTypeProvider>() as unknown as Http;

  const shutdown = prepareShutdown(http, clock, limits.closeMs);
  http.decorateRequest('appId', '');
  http.decorateRequest('principal', null as never);
  acceptJson(http);
  limitBodyTime(http, limits.bodyMs);
  answerErrors(http, log);
  logRequests(http, log);
  letPagesCall(http);
  http.setNotFoundHandler((request, reply) => {
    const params = { method: request.method, path: request.originalUrl.split('?')[0] ?? '' };
    return sendError(reply, new ApiError('not-found', { params }), 'basic');
  });

  await describeApi(http);
  serveHealth(http, { checks, draining: shutdown.draining, log });
  await http.register(async (scope: Http) => mount(scope, http, options));
  await http.register(async (scope: Http) => serveApiPage(scope));
  await http.ready();

  return {
    http,
    async listen({ host, port, listener = null }) {
      // Node takes over what listens from anything that has such a member; its types do not name it.
      const handle = (listener as { readonly _handle?: object } | null)?._handle;
      await http.listen({ host, port, ...(handle !== undefined && { handle }) });
      const { address, family, port: taken } = http.server.address() as AddressInfo;
      return `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`;
    },
    close: shutdown.close,
  };
}

function mount(scope: Http, root: Http, { routes, authenticator, limiter }: HttpServerOptions): void {
  guardAccess(scope, authenticator, limiter ?? null);
  readParameters(scope);
  const refuseOtherMethods = collectMethods(scope, root);
  for (const add of routes) add(scope);
  refuseOtherMethods();
}

/** `/api/v1/users` and `//users` are `/users`: clients join base addresses and paths in every way. */
function withoutPrefix(url: string): string {
  const path = url.replace(/^\/+/, '/');
  return /^\/api\/v1(?=[/?]|$)/.test(path) ? path.slice('/api/v1'.length).replace(/^\/*/, '/') : path;
}

function readParameters(scope: Http): void {
  scope.addHook('onRequest', (request, _reply, done) => {
    done(request.url.includes('%00') ? new ApiError('url-malformed') : undefined);
  });
  scope.addHook('onRoute', (route) => {
    const read = queryReader(route.schema?.querystring);
    if (read === null) return;
    const readHook = async ({ query }: FastifyRequest) => read(query as Record<string, unknown>);
    route.preValidation = [readHook, ...[route.preValidation ?? []].flat()];
  });
}
