import {
  changeSubscription,
  giveSubscription,
  refuseSubscription,
  typeNamed,
} from '../app/set-subscription.ts';
import { identityOf, subscriptionView } from '../app/user.ts';
import type { FakeSubscription } from '../app/user.ts';
import { objectOf, textOf } from '../call.ts';
import type { Call } from '../call.ts';
import { ok, structured } from '../reply.ts';
import type { Reply } from '../reply.ts';

function unknownSubscription(): Reply {
  return structured(404, { code: 'subscription-0', title: 'Subscription not found' });
}

/** `POST …/users/by/{label}/{id}/subscriptions`: 201 for a new one, 202 for one that moves here. */
export function createSubscription(call: Call, label: string, id: string): Reply {
  const user = call.app.people.find(label, id);
  if (user === undefined) return unknownSubscription();
  const given = objectOf(call.body['subscription']);
  const refused = call.tooOften(user.onesignalId) ?? refuseSubscription(given);
  if (refused !== null) return refused;
  const { subscription, isNew } = giveSubscription(call, user, given);
  return ok(isNew ? 201 : 202, { subscription: subscriptionView(subscription, call.appId) });
}

/** `PATCH …/subscriptions/{id}` */
export function updateSubscription(call: Call, id: string): Reply {
  return change(call, call.app.people.subscription(id), 200);
}

/** `PATCH …/subscriptions_by_token/{type}/{token}` */
export function updateByToken(call: Call, type: string, token: string): Reply {
  const known = typeNamed(type);
  if (known === undefined) return structured(400, { title: 'Invalid subscription type' });
  return change(call, call.app.people.byToken(known, token), 202);
}

/** `DELETE …/subscriptions/{id}` */
export function deleteSubscription(call: Call, id: string): Reply {
  const subscription = call.app.people.subscription(id);
  if (subscription === undefined) return unknownSubscription();
  const often = call.tooOften(id);
  if (often !== null) return often;
  call.app.people.unsubscribe(subscription);
  return ok(202, {});
}

/** `PATCH …/subscriptions/{id}/owner` */
export function transferSubscription(call: Call, id: string): Reply {
  const subscription = call.app.people.subscription(id);
  const [alias, ...more] = Object.entries(objectOf(call.body['identity']));
  if (alias === undefined || more.length > 0) return structured(400, { title: 'Name exactly one alias' });
  const owner = call.app.people.find(alias[0], textOf(alias[1]) ?? '');
  if (subscription === undefined || owner === undefined) return unknownSubscription();
  const often = call.tooOften(id);
  if (often !== null) return often;
  call.app.people.transfer(subscription, owner);
  return ok(200, { identity: identityOf(owner) });
}

/** `GET …/subscriptions/{id}/user/identity` */
export function ownerOf(call: Call, id: string): Reply {
  const subscription = call.app.people.subscription(id);
  return subscription === undefined
    ? unknownSubscription()
    : ok(200, { identity: identityOf(subscription.owner) });
}

function change(call: Call, subscription: FakeSubscription | undefined, status: number): Reply {
  if (subscription === undefined) return unknownSubscription();
  const often = call.tooOften(subscription.id);
  if (often !== null) return often;
  changeSubscription(subscription, objectOf(call.body['subscription']));
  return ok(status, { subscription: subscriptionView(subscription, call.appId) });
}
