import { refuseProperties, setProperties } from '../app/set-properties.ts';
import type { FakeSubscription } from '../app/user.ts';
import type { Call } from '../call.ts';
import { basic, ok } from '../reply.ts';
import type { Json, Reply } from '../reply.ts';

const MOST = 300;

/** `GET /players`: the player model that old programs still read. */
export function listPlayers({ app, query }: Call): Reply {
  const limit = Math.min(MOST, Number(query.get('limit') ?? MOST));
  const offset = Number(query.get('offset') ?? 0);
  const all = [...app.people.all()].flatMap(({ subscriptions }) => subscriptions);
  const players = all.slice(offset, offset + limit).map(player);
  return ok(200, { total_count: all.length, offset, limit, players });
}

/** `GET /players/{id}` */
export function viewPlayer({ app }: Call, id: string): Reply {
  const subscription = app.people.subscription(id);
  return subscription === undefined
    ? basic(404, 'No user with this id found')
    : ok(200, player(subscription));
}

/** `PUT /players/{id}` and `PUT /apps/{app_id}/users/{external_user_id}`: tags of the user behind it. */
export function tagPlayer(call: Call, owner: FakeSubscription['owner'] | undefined): Reply {
  if (owner === undefined) return basic(404, 'No user with this id found');
  const properties = { tags: call.body['tags'] ?? {} };
  const refused = call.tooOften(owner.onesignalId) ?? refuseProperties(call, owner, properties);
  if (refused !== null) {
    const [{ title }] = (refused.body as { errors: [{ title: string }] }).errors;
    return refused.status === 400 ? basic(400, title) : refused;
  }
  setProperties(owner, properties);
  return ok(200, { success: true });
}

function player({ id, token, enabled, owner }: FakeSubscription): Json {
  return {
    id,
    identifier: token,
    tags: Object.fromEntries(owner.tags),
    language: owner.properties['language'] ?? null,
    external_user_id: owner.aliases.get('external_id') ?? null,
    invalid_identifier: !enabled,
  };
}
