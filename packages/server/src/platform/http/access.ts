import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { ErrorCode } from '@carillon/wire';
import { isUuid } from '../ids.ts';
import { ApiError } from './api-error.ts';
import { counterOf } from './rate.ts';
import type { RateLimiter } from './rate.ts';
import type { Access, Authenticator, Denial, Envelope, Http, Principal, TokenFault } from './route.ts';

/** What is known of a route before the first request. */
interface Plan {
  readonly access: Access;
  readonly ownAuthorization: boolean;
  readonly place: 'path' | 'query' | 'body';
  readonly denied: ErrorCode;
  readonly missing: ErrorCode;
  readonly forbidden: ErrorCode;
  readonly appUnknown: ErrorCode;
  readonly appMissing: ErrorCode;
}

/**
 * Puts a check of the caller before every route of `scope`: as early as the app's id is known, so that
 * a stranger's body is not read when the path or the query string names the app. Whoever is let in is
 * counted; a stranger is not, or he could use up what an app may do.
 * A route that does not say who may call it stops the server from starting.
 */
export function guardAccess(scope: Http, authenticator: Authenticator, limiter: RateLimiter | null): void {
  scope.addHook('onRoute', (route) => {
    const plan = planOf(route);
    const count = limiter === null ? null : counterOf(route, limiter);
    const letIn = async (request: FastifyRequest, reply: FastifyReply, app: unknown) => {
      await admit(request, plan, authenticator, app);
      const waiting = count?.(request, reply);
      if (waiting !== undefined) await waiting;
    };
    route.onRequest = [
      async (request: FastifyRequest, reply: FastifyReply) => {
        const app = plan.place === 'path' ? member(request.params) : member(request.query);
        if (app === undefined && mayComeInBody(plan, request)) return;
        await letIn(request, reply, app);
      },
      ...listOf(route.onRequest),
    ];
    if (plan.place !== 'body') return;
    route.preValidation = [
      async (request: FastifyRequest, reply: FastifyReply) => {
        if ((request.principal as Principal | null) === null)
          await letIn(request, reply, member(request.body));
      },
      ...listOf(route.preValidation),
    ];
  });
}

function planOf({ method, url, config, schema }: RouteOptions): Plan {
  const access = config?.access;
  if (access === undefined) {
    throw new Error(`Route ${String(method)} ${url} does not say who may call it: set config.access.`);
  }
  const envelope: Envelope = config?.envelope ?? 'structured';
  const denied = config?.denied ?? (envelope === 'basic' ? 'access-denied' : 'auth-1');
  const place = placeOf(access, String(method), url, schema);
  return {
    access,
    ownAuthorization: config?.ownAuthorization ?? false,
    place,
    denied,
    missing: config?.missing ?? denied,
    forbidden: config?.forbidden ?? denied,
    appUnknown: config?.appUnknown ?? 'app-not-found',
    appMissing: config?.appMissing ?? (place === 'body' ? 'app-id-missing' : 'app-id-unparsed'),
  };
}

function placeOf(access: Access, method: string, url: string, schema: RouteOptions['schema']): Plan['place'] {
  if (/\/:app_id(?:\/|$)/.test(url)) return 'path';
  if (declaresAppId(schema?.body)) return 'body';
  if (!isOfOneApp(access) || declaresAppId(schema?.querystring)) return 'query';
  return method === 'GET' || method === 'HEAD' ? 'query' : 'body';
}

function declaresAppId(schema: unknown): boolean {
  return Object.hasOwn((schema as { properties?: object } | undefined)?.properties ?? {}, 'app_id');
}

function isOfOneApp(access: Access): boolean {
  return access === 'app' || access === 'app-or-user';
}

/** Without any key the answer is no, whatever the body says: it need not be read. */
function mayComeInBody({ access, place }: Plan, { headers }: FastifyRequest): boolean {
  return place === 'body' && (!isOfOneApp(access) || headers.authorization !== undefined);
}

async function admit(
  request: FastifyRequest,
  plan: Plan,
  authenticator: Authenticator,
  app: unknown,
): Promise<void> {
  const { access, ownAuthorization } = plan;
  const authorization = ownAuthorization ? undefined : request.headers.authorization;
  if (app === undefined && isOfOneApp(access)) {
    throw new ApiError(authorization === undefined ? plan.denied : plan.appMissing);
  }
  if (app !== undefined && (typeof app !== 'string' || !isUuid(app))) throw new ApiError('app-id-invalid');
  const appId = app?.toLowerCase();
  const answer = await authenticator.authenticate({ authorization, access, appId, ip: request.ip });
  if (answer === 'denied' && authorization === undefined) throw new ApiError(plan.missing);
  if (isDenial(answer)) throw refusal(answer, plan, appId);
  if (!opensOrganization(answer, request.params)) throw new ApiError(plan.forbidden);
  request.principal = answer;
  request.appId = appId ?? appOfKey(answer);
}

/** Old clients leave the app's id out where they send its key. */
function appOfKey(principal: Principal): string {
  return principal.kind === 'app-key' ? principal.appId : '';
}

function isDenial(answer: Principal | Denial): answer is Denial {
  return typeof answer === 'string' || answer.kind === 'token-refused';
}

/** A path that names an organization is open to that organization's key alone, whatever the route does. */
function opensOrganization(principal: Principal, params: unknown): boolean {
  const named = (params as { organization_id?: string } | undefined)?.organization_id;
  if (named === undefined) return true;
  return principal.kind === 'organization-key' && principal.organizationId === named.toLowerCase();
}

function refusal(denial: Denial, plan: Plan, appId: string | undefined): ApiError {
  if (typeof denial === 'object') return tokenRefused(denial.fault);
  switch (denial) {
    case 'denied':
      return new ApiError(plan.denied);
    case 'forbidden':
      return new ApiError(plan.forbidden);
    case 'app-unknown':
      return new ApiError(plan.appUnknown, { params: { app_id: appId ?? '' } });
  }
}

/** What is told of an identity token that opens nothing, and of one that is missing. */
export function tokenRefused({ reason, detail }: TokenFault): ApiError {
  return new ApiError('identity-token', { meta: { reason, detail } });
}

function member(part: unknown): unknown {
  if (typeof part !== 'object' || part === null) return undefined;
  return (part as { app_id?: unknown }).app_id ?? undefined;
}

function listOf<Hook>(hooks: Hook | Hook[] | undefined): Hook[] {
  if (hooks === undefined) return [];
  return Array.isArray(hooks) ? hooks : [hooks];
}
