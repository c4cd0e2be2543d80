import type { Call } from '../call.ts';
import type { EndpointClass } from '../limits/limits.ts';
import { basic } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { addAliases, deleteAlias, unknownUser, viewAliases } from './aliases.ts';
import { exportSubscriptions } from './csv-export.ts';
import { createCustomEvents } from './custom-events.ts';
import { cancelMessage, createMessage, viewMessage } from './notifications.ts';
import { listPlayers, tagPlayer, viewPlayer } from './players.ts';
import { listSegments, viewSegment } from './segments.ts';
import {
  createSubscription,
  deleteSubscription,
  ownerOf,
  transferSubscription,
  updateByToken,
  updateSubscription,
} from './subscriptions.ts';
import { createTemplate, listTemplates, viewTemplate } from './templates.ts';
import { createUser, deleteUser, updateUser, viewUser } from './users.ts';

export interface Route {
  readonly method: string;
  /** Below the base, with `:name` for a part that is a value; `:app` is the app's id. */
  readonly path: string;
  readonly limited: EndpointClass | null;
  /** Which of the documented answers a missing or wrong key gets. `open`: none is needed. */
  readonly key: 'open' | 'users' | 'events' | 'messages';
  /** The values of the path, in their order, without the app's id. */
  readonly act: (call: Call, ...values: string[]) => Reply;
}

const USER = '/apps/:app/users/by/:label/:id';
const SUBSCRIPTION = '/apps/:app/subscriptions/:id';

/** Every route of the fake. The documents say which need a key and which share a rate. */
const ROUTES: readonly Route[] = [
  { method: 'POST', path: '/apps/:app/users', limited: 'users', key: 'open', act: createUser },
  { method: 'GET', path: USER, limited: 'views', key: 'users', act: viewUser },
  { method: 'PATCH', path: USER, limited: 'users', key: 'users', act: updateUser },
  { method: 'DELETE', path: USER, limited: 'users', key: 'users', act: deleteUser },
  { method: 'GET', path: `${USER}/identity`, limited: 'views', key: 'users', act: viewAliases },
  {
    method: 'PATCH',
    path: `${USER}/identity`,
    limited: 'users',
    key: 'users',
    act: (call, label = '', id = '') => {
      const user = call.app.people.find(label, id);
      return user === undefined ? unknownUser(label, id) : addAliases(call, user);
    },
  },
  { method: 'DELETE', path: `${USER}/identity/:old`, limited: 'users', key: 'users', act: deleteAlias },
  { method: 'POST', path: `${USER}/subscriptions`, limited: 'users', key: 'users', act: createSubscription },
  { method: 'PATCH', path: SUBSCRIPTION, limited: 'users', key: 'open', act: updateSubscription },
  { method: 'DELETE', path: SUBSCRIPTION, limited: 'users', key: 'open', act: deleteSubscription },
  {
    method: 'PATCH',
    path: `${SUBSCRIPTION}/owner`,
    limited: 'users',
    key: 'open',
    act: transferSubscription,
  },
  { method: 'GET', path: `${SUBSCRIPTION}/user/identity`, limited: 'views', key: 'open', act: ownerOf },
  {
    method: 'PATCH',
    path: `${SUBSCRIPTION}/user/identity`,
    limited: 'users',
    key: 'open',
    act: (call, id = '') => {
      const subscription = call.app.people.subscription(id);
      return subscription === undefined
        ? unknownUser('subscription', id)
        : addAliases(call, subscription.owner);
    },
  },
  {
    method: 'PATCH',
    path: '/apps/:app/subscriptions_by_token/:type/:token',
    limited: 'users',
    key: 'users',
    act: updateByToken,
  },
  {
    method: 'POST',
    path: '/apps/:app/custom_events',
    limited: 'events',
    key: 'events',
    act: createCustomEvents,
  },
  {
    method: 'POST',
    path: '/apps/:app/integrations/custom_events',
    limited: 'events',
    key: 'events',
    act: createCustomEvents,
  },
  { method: 'POST', path: '/notifications', limited: 'messages', key: 'messages', act: createMessage },
  { method: 'GET', path: '/notifications/:id', limited: 'views', key: 'messages', act: viewMessage },
  { method: 'DELETE', path: '/notifications/:id', limited: 'messages', key: 'messages', act: cancelMessage },
  { method: 'GET', path: '/templates', limited: 'views', key: 'messages', act: listTemplates },
  { method: 'POST', path: '/templates', limited: null, key: 'messages', act: createTemplate },
  { method: 'GET', path: '/templates/:id', limited: 'views', key: 'messages', act: viewTemplate },
  { method: 'GET', path: '/apps/:app/segments', limited: 'views', key: 'messages', act: listSegments },
  { method: 'GET', path: '/apps/:app/segments/:id', limited: 'views', key: 'messages', act: viewSegment },
  { method: 'POST', path: '/players/csv_export', limited: null, key: 'messages', act: exportSubscriptions },
  { method: 'GET', path: '/players', limited: 'views', key: 'messages', act: listPlayers },
  { method: 'GET', path: '/players/:id', limited: 'views', key: 'open', act: viewPlayer },
  {
    method: 'PUT',
    path: '/players/:id',
    limited: 'users',
    key: 'open',
    act: (call, id = '') => tagPlayer(call, call.app.people.subscription(id)?.owner),
  },
  {
    method: 'PUT',
    path: '/apps/:app/users/:externalId',
    limited: 'users',
    key: 'open',
    act: (call, id = '') => tagPlayer(call, call.app.people.find('external_id', id)),
  },
];

export interface Found {
  readonly route: Route;
  readonly values: readonly string[];
  /** The app's id where the path has one. */
  readonly appId: string | null;
}

/** The routes by method and number of parts: a request is compared with a few of them only. */
const BY_SHAPE = new Map<string, Route[]>();
for (const route of ROUTES) {
  const shape = `${route.method} ${route.path.split('/').length}`;
  BY_SHAPE.set(shape, [...(BY_SHAPE.get(shape) ?? []), route]);
}

/** The route of a path below the base, `/api/v1` taken off. */
export function findRoute(method: string, path: string): Found | null {
  const parts = path.split('/');
  for (const route of BY_SHAPE.get(`${method} ${parts.length}`) ?? []) {
    const values: string[] = [];
    let appId: string | null = null;
    const fits = route.path.split('/').every((wanted, i) => {
      const part = parts[i] ?? '';
      if (!wanted.startsWith(':')) return wanted === part;
      if (wanted === ':app') appId = decodeURIComponent(part);
      else values.push(decodeURIComponent(part));
      return part !== '';
    });
    if (fits) return { route, values, appId };
  }
  return null;
}

/** What the documents say of a missing or wrong key, which differs from route to route. */
export function refusedKey(key: Route['key']): Reply {
  switch (key) {
    case 'open':
    case 'users':
      return {
        status: 401,
        body: {
          errors: [{ code: 'auth-1', title: "This operation requires 'Authorization' in the HTTP header" }],
        },
      };
    case 'events':
      return { status: 401, body: null };
    case 'messages':
      return basic(
        403,
        "Access denied.  Please include an 'Authorization: ...' header with a valid API key (/docs/accounts-and-keys).",
      );
  }
}
