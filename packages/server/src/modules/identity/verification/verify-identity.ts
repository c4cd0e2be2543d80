import type { FastifyRequest, RouteOptions } from 'fastify';
import type { Queryable } from '../../../platform/database/database.ts';
import { tokenRefused } from '../../../platform/http/access.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { checkCreated, checkGiven, checkNames } from './check-names.ts';
import { checkAdded, checkOwned } from './check-subscriptions.ts';
import { OPERATIONS } from './operations.ts';
import type { Operation } from './operations.ts';
import type { Reach } from './reach.ts';
import { beyondToken, tokenUser } from './token-user.ts';
import type { TokenUser } from './token-user.ts';

export interface VerifyIdentityOptions {
  readonly database: Queryable;
  /** Whether devices of this app have to send identity tokens. */
  readonly isRequired: (appId: string) => Promise<boolean>;
}

const OF_APP = /\/:app_id(?:\/|$)/;

/**
 * Puts the check of identity tokens before every route that is added after it: without a token where one
 * is required nothing gets through, and a token reaches no further than the user it names.
 */
export function verifyIdentity(options: VerifyIdentityOptions): Routes {
  return (http) => {
    http.addHook('onRoute', (route) => {
      const operation = operationOf(route);
      if (operation === 'open') return;
      guard(route, operation, options);
    });
  };
}

/** A route that names an app and is not in the table takes a key. */
function operationOf({ method, url, config }: RouteOptions): Operation {
  const [verb = ''] = [method].flat();
  const operation = OPERATIONS[`${verb === 'HEAD' ? 'GET' : verb} ${url}`];
  if (operation !== undefined) return operation;
  const opensToDevices = config?.access === 'public' || config?.access === 'app-or-user';
  if (!opensToDevices) return 'open';
  if (OF_APP.test(url)) {
    throw new Error(
      `Route ${verb} ${url} does not say what an identity token opens: give it a line in identity/verification/operations.ts.`,
    );
  }
  return 'keys';
}

function guard(route: RouteOptions, operation: Exclude<Operation, 'open'>, options: VerifyIdentityOptions) {
  const { database, isRequired } = options;
  // Where the body names the app, the caller is known only when it has been read.
  const early = OF_APP.test(route.url) ? 'onRequest' : 'preValidation';
  route[early] = [
    ...[route[early] ?? []].flat(),
    async ({ principal, appId }: FastifyRequest) => {
      if (principal.kind !== 'anonymous' || appId === '' || !(await isRequired(appId))) return;
      throw tokenRefused(operation === 'keys' ? KEY_MISSING : TOKEN_MISSING);
    },
  ];
  route.preHandler = [
    ...[route.preHandler ?? []].flat(),
    async (request: FastifyRequest) => {
      const { principal } = request;
      if (principal.kind !== 'identity-token') return;
      if (operation === 'keys') throw beyondToken('the operation', 'takes an API key');
      await checkReach(database, tokenUser(database, principal.appId, principal.token), operation(request));
    },
  ];
}

async function checkReach(database: Queryable, user: TokenUser, reach: Reach): Promise<void> {
  if (reach.names !== undefined) await checkNames(database, user, reach.names);
  if (reach.creates !== undefined) {
    checkCreated(user, reach.creates);
    await checkGiven(database, user, reach.creates);
  }
  if (reach.gives !== undefined) await checkGiven(database, user, reach.gives);
  if (reach.owns !== undefined) await checkOwned(database, user, reach.owns);
  for (const subscription of reach.adds ?? []) await checkAdded(database, user, subscription);
}

const TOKEN_MISSING = {
  reason: 'missing',
  detail: "the app verifies identities: send Authorization: Bearer <a token signed by the app's backend>",
} as const;

const KEY_MISSING = {
  reason: 'missing',
  detail: 'the app verifies identities, and this operation takes an API key then',
} as const;
