import { objectOf, textOf } from './call.ts';
import type { Call } from './call.ts';
import type { Fault } from './faults/faults.ts';
import type { Arrival, Departure } from './http-server.ts';
import { basic, structured } from './reply.ts';
import type { Json, Reply } from './reply.ts';
import { findRoute, refusedKey } from './routes/route.ts';
import type { Found, Route } from './routes/route.ts';
import type { World } from './world.ts';

/** Answers a request of the API: faults first, then the limits, then the route. */
export function answer(world: World, arrival: Arrival): Departure {
  const { faults } = world;
  const fault = faults.next();
  const { delayMs, slowMs } = faults.settings;
  const leave = (reply: Reply, way: Departure['way'] = 'whole'): Departure => ({
    reply,
    way,
    delayMs,
    slowMs,
  });
  const path = arrival.url.pathname.replace(/^\/api\/v1(?=\/)/, '');
  const found = findRoute(arrival.method, path);
  if (fault === 'reset') return leave(basic(500), 'reset');
  if (found === null) {
    world.violations.add('no-such-route', whoOf(arrival), `${arrival.method} ${path}`, 'no such route');
    return leave(basic(404, 'No such route'));
  }
  const name = `${found.route.method} ${found.route.path}`;
  world.requests.set(name, (world.requests.get(name) ?? 0) + 1);
  const failed = failureOf(world, found.route, fault);
  if (failed !== null) return leave(failed);
  const reply = limited(world, arrival, found) ?? act(world, arrival, found);
  return leave(reply, fault === 'lose-answer' ? 'lost' : fault === 'slow-body' ? 'slow' : 'whole');
}

function failureOf(world: World, route: Route, fault: Fault): Reply | null {
  switch (fault) {
    case 'rate-limit':
      return tooMany(route, retryAfter(world));
    case 'unavailable':
      return basic(503, 'Service temporarily unavailable');
    case 'server-error':
      return basic(500, 'Internal server error');
    case 'none':
    case 'reset':
    case 'lose-answer':
    case 'slow-body':
      return null;
  }
}

/** The answer to a request that its class has no room for. */
function limited(world: World, arrival: Arrival, { route }: Found): Reply | null {
  if (route.limited === null) return null;
  const over = world.limits.admit(route.limited, world.now(), retryAfter(world));
  if (over === null) return null;
  const where = `${route.method} ${route.path}`;
  const kind = over.early ? 'early' : 'rate';
  world.violations.add(kind, whoOf(arrival), where, `${route.limited}: wait ${over.retryAfter} s`);
  return tooMany(route, over.retryAfter);
}

function act(world: World, arrival: Arrival, { route, values, appId }: Found): Reply {
  const body = bodyOf(arrival);
  if (body === null) return basic(400, 'The request body is not JSON');
  const query = arrival.url.searchParams;
  const app = appId ?? query.get('app_id') ?? textOf(body['app_id']) ?? '';
  if (!mayCall(world, route, arrival, app)) return refusedKey(route.key);
  const where = `${route.method} ${route.path}`;
  const call: Call = {
    appId: world.appId,
    app: world.app,
    limits: world.limits,
    leanings: world.leanings,
    query,
    body,
    bytes: arrival.body.length,
    now: world.now(),
    url: world.url(),
    violated: (kind, detail) => world.violations.add(kind, whoOf(arrival), where, detail),
    tooOften(key) {
      const wait = world.limits.admitUser(key, world.now());
      if (wait === null) return null;
      world.violations.add('user-rate', whoOf(arrival), where, 'more than one write a second of one user');
      return tooMany(route, wait);
    },
  };
  return route.act(call, ...values);
}

/** Key, Basic and Bearer, in any case; some clients put quotes around the key. */
function mayCall(world: World, route: Route, { headers }: Arrival, app: string): boolean {
  if (app !== world.appId && route.path !== '/players/:id') return false;
  const given = /^(?:key|basic|bearer) +"?([^"]*)"?$/i.exec(headers.authorization ?? '')?.[1];
  return given === undefined || given === '' ? route.key === 'open' : given === world.apiKey;
}

function tooMany(route: Route, seconds: number): Reply {
  const title = 'API rate limit exceeded';
  const isUsers =
    route.key === 'users' || route.path.startsWith('/apps/:app/users') || route.limited === 'users';
  const reply = isUsers ? structured(429, { code: 'Rate Limit Exceeded', title }) : basic(429, title);
  return { ...reply, headers: { 'retry-after': String(seconds) } };
}

function retryAfter({ faults }: World): number {
  const { flapping } = faults.settings;
  return flapping === null ? 1 : faults.between(...flapping.retryAfter);
}

function bodyOf({ body }: Arrival): Json | null {
  if (body.length === 0) return {};
  try {
    return objectOf(JSON.parse(body.toString('utf8')));
  } catch {
    return null;
  }
}

function whoOf({ headers }: Arrival): string {
  const sdk = headers['os-usage-data'];
  return headers['user-agent'] ?? (typeof sdk === 'string' ? sdk : 'unnamed');
}
