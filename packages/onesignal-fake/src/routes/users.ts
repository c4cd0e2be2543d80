import { refuseProperties, setProperties } from '../app/set-properties.ts';
import { giveSubscription, refuseSubscription } from '../app/set-subscription.ts';
import { identityOf, propertiesOf, subscriptionView } from '../app/user.ts';
import type { FakeUser } from '../app/user.ts';
import { listOf, objectOf, textOf } from '../call.ts';
import type { Call } from '../call.ts';
import { ok, structured } from '../reply.ts';
import type { Json, Reply } from '../reply.ts';
import { claimed, refuseAliases, unknownUser } from './aliases.ts';

/** `POST /apps/{app_id}/users`: makes a user, or adds subscriptions to the one whom an alias names. */
export function createUser(call: Call): Reply {
  const { people } = call.app;
  const identity = aliasesIn(call.body['identity']);
  const subscriptions = listOf(call.body['subscriptions']);
  const owners = new Set(identity.flatMap(([label, id]) => people.find(label, id) ?? []));
  const named = identity.find(([label]) => label === 'external_id') ?? identity[0];
  const known = named === undefined ? undefined : people.find(...named);
  const often = call.tooOften(known?.onesignalId ?? named?.join('=') ?? 'nobody');
  if (often !== null) return often;
  const other = [...owners].find((owner) => owner !== known);
  if (other !== undefined) return claimed(identity.filter(([label, id]) => people.find(label, id) === other));
  const refused =
    refuseAliases(call, known ?? null, identity) ??
    subscriptions.map(refuseSubscription).find((refusal) => refusal !== null) ??
    refuseProperties(call, known ?? null, call.body['properties']);
  if (refused !== null) return refused;
  if (identity.length === 0 && subscriptions.length === 0)
    return structured(400, { title: 'A user needs an alias or a subscription' });

  const user = known ?? people.add();
  // Its own id counts from now on, too.
  if (known === undefined) call.tooOften(user.onesignalId);
  for (const [label, id] of identity) people.setAlias(user, label, id);
  const changes = call.leanings.createChangesSubscriptions;
  const given = subscriptions.map((one) => giveSubscription(call, user, one, changes).subscription);
  if (known === undefined || call.leanings.createSetsProperties) setProperties(user, call.body['properties']);
  if (known === undefined) return ok(200, view(user, call.appId, user.subscriptions));
  return ok(202, view(user, call.appId, call.leanings.createListsSubscriptions ? user.subscriptions : given));
}

/** `GET /apps/{app_id}/users/by/{label}/{id}` */
export function viewUser(call: Call, label: string, id: string): Reply {
  const user = call.app.people.find(label, id);
  return user === undefined ? unknownUser(label, id) : ok(200, view(user, call.appId, user.subscriptions));
}

/** `PATCH /apps/{app_id}/users/by/{label}/{id}`: tags merge. */
export function updateUser(call: Call, label: string, id: string): Reply {
  const user = call.app.people.find(label, id);
  if (user === undefined) return unknownUser(label, id);
  const refused = call.tooOften(user.onesignalId) ?? refuseProperties(call, user, call.body['properties']);
  if (refused !== null) return refused;
  setProperties(user, call.body['properties']);
  return ok(202, { properties: propertiesOf(user) });
}

/** `DELETE /apps/{app_id}/users/by/{label}/{id}` */
export function deleteUser(call: Call, label: string, id: string): Reply {
  const user = call.app.people.find(label, id);
  if (user === undefined) return unknownUser(label, id);
  const often = call.tooOften(user.onesignalId);
  if (often !== null) return often;
  call.app.people.remove(user);
  return ok(202, { identity: { onesignal_id: user.onesignalId } });
}

function aliasesIn(identity: unknown): [label: string, id: string][] {
  return Object.entries(objectOf(identity)).flatMap(([label, value]) => {
    const id = textOf(value);
    return id === undefined || id === '' ? [] : [[label, id] as [string, string]];
  });
}

function view(user: FakeUser, appId: string, subscriptions: FakeUser['subscriptions']): Json {
  return {
    properties: propertiesOf(user),
    identity: identityOf(user),
    subscriptions: subscriptions.map((one) => subscriptionView(one, appId)),
  };
}
