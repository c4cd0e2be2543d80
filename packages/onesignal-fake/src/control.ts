import { identityOf, propertiesOf, subscriptionView } from './app/user.ts';
import type { Arrival, Departure } from './http-server.ts';
import { importFile } from './import/import-file.ts';
import type { EndpointClass } from './limits/limits.ts';
import { basic, ok } from './reply.ts';
import type { Json, Reply } from './reply.ts';
import type { World } from './world.ts';

/** Below this path are the fake's own routes, which OneSignal does not have. They need no key. */
const OWN = '/_fake';

/** Answers a request of the fake's own routes; null where it is one of the API. */
export function control(world: World, arrival: Arrival): Departure | null {
  const { pathname } = arrival.url;
  if (pathname !== OWN && !pathname.startsWith(`${OWN}/`)) return null;
  const reply = act(world, arrival, pathname.slice(OWN.length + 1));
  return { reply, way: 'whole', delayMs: 0, slowMs: 0 };
}

function act(world: World, arrival: Arrival, name: string): Reply {
  const { method } = arrival;
  switch (`${method} ${name}`) {
    case 'GET ':
      return ok(200, summary(world));
    case 'GET users':
      return ok(200, { users: users(world, arrival.url.searchParams) });
    case 'GET events':
      return ok(200, { events: world.app.events });
    case 'GET messages':
      return ok(200, { messages: [...world.app.messages.values()] });
    case 'GET faults':
      return ok(200, { ...world.faults.settings });
    case 'PUT faults':
      return withJson(arrival, (body) => {
        world.faults.set(body);
        return ok(200, { ...world.faults.settings });
      });
    case 'DELETE faults':
      world.faults.clear();
      return ok(200, { ...world.faults.settings });
    case 'PUT limits':
      return withJson(arrival, (body) => changeLimits(world, body));
    case 'POST reset':
      world.reset();
      return ok(200, {});
    case 'POST import':
      return importCsv(world, arrival.body);
    default:
      return method === 'GET' && name.startsWith('exports/')
        ? exportFile(world, name.slice('exports/'.length))
        : basic(404, `The fake has no ${method} ${OWN}/${name}`);
  }
}

/** Reads a file as the dashboard's import does, whatever the rates are. */
function importCsv(world: World, file: Buffer): Reply {
  const { appId, app, limits, leanings, violations } = world;
  return importFile(
    {
      appId,
      app,
      limits,
      leanings,
      query: new URLSearchParams(),
      body: {},
      bytes: file.length,
      now: world.now(),
      url: world.url(),
      violated: (kind, detail) => violations.add(kind, 'import', 'CSV import', detail),
      tooOften: () => null,
    },
    file,
  );
}

function summary({ app, limits, violations, requests }: World): Json {
  return {
    users: app.people.size,
    events: app.events.length,
    messages: app.messages.size,
    requests: Object.fromEntries(requests),
    rates: limits.rates,
    classes: limits.counts(),
    violations: violations.list(),
  };
}

function users({ app, appId }: World, query: URLSearchParams): Json[] {
  const offset = Number(query.get('offset') ?? 0);
  const limit = Number(query.get('limit') ?? 1000);
  return [...app.people.all()].slice(offset, offset + limit).map((user) => ({
    identity: identityOf(user),
    properties: propertiesOf(user),
    subscriptions: user.subscriptions.map((one) => subscriptionView(one, appId)),
  }));
}

function changeLimits(world: World, body: Json): Reply {
  const names: readonly EndpointClass[] = ['users', 'messages', 'events', 'views'];
  for (const name of names) {
    const rate = body[name];
    if (rate === undefined) continue;
    if (typeof rate !== 'number' || !(rate > 0)) return basic(400, `${name} must be a number above 0`);
    world.limits.change(name, rate, world.now());
  }
  return ok(200, { ...world.limits.rates });
}

function exportFile({ app, now }: World, name: string): Reply {
  const found = app.exports.get(name);
  if (found === undefined || now() < found.readyAt) return basic(404, 'NoSuchKey');
  return { status: 200, body: found.file as unknown as Json };
}

function withJson({ body }: Arrival, use: (body: Json) => Reply): Reply {
  try {
    return use(JSON.parse(body.toString('utf8')) as Json);
  } catch {
    return basic(400, 'The body must be JSON');
  }
}
