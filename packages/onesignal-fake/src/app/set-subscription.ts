import { textOf } from '../call.ts';
import type { Call } from '../call.ts';
import { structured } from '../reply.ts';
import type { Json, Reply } from '../reply.ts';
import { SUBSCRIPTION_TYPES } from './user.ts';
import type { FakeSubscription, FakeUser } from './user.ts';

/** Disabled through the API, as it is reported where no reason was given. */
const DISABLED = -31;

/** The type in its own spelling; undefined where there is none of this name. */
export function typeNamed(name: unknown): string | undefined {
  const wanted = textOf(name)?.toLowerCase();
  return SUBSCRIPTION_TYPES.find((type) => type.toLowerCase() === wanted);
}

/** Why this cannot be a subscription; null where it can. */
export function refuseSubscription(given: Json): Reply | null {
  const type = typeNamed(given['type']);
  const token = textOf(given['token']) ?? '';
  if (type === undefined) return invalid('Invalid subscription type');
  if (token === '') return invalid('Subscription token is missing');
  if (type === 'Email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(token)) return invalid('Invalid email address');
  if (type === 'SMS' && !/^\+[1-9]\d{5,14}$/.test(token)) return invalid('Invalid phone number');
  return null;
}

function invalid(title: string): Reply {
  return structured(400, { code: 'subscription-1', title });
}

/** Gives a user the address that a checked body names, and applies what it says about it, to one that is there already only if it `changes`. */
export function giveSubscription(
  call: Call,
  user: FakeUser,
  given: Json,
  changes = true,
): { subscription: FakeSubscription; isNew: boolean } {
  const type = typeNamed(given['type']) ?? '';
  const { subscription, isNew, pushedOut } = call.app.people.subscribe(
    user,
    type,
    textOf(given['token']) ?? '',
  );
  if (pushedOut !== null)
    call.violated('subscriptions-per-user', 'a 21st subscription pushed the oldest out');
  if (isNew || changes) changeSubscription(subscription, given);
  return { subscription, isNew };
}

export function changeSubscription(subscription: FakeSubscription, given: Json): void {
  const { enabled, notification_types: types } = given;
  subscription.webAuth = textOf(given['web_auth']) ?? subscription.webAuth;
  subscription.webP256 = textOf(given['web_p256']) ?? subscription.webP256;
  if (typeof types === 'number') {
    subscription.notificationTypes = types;
    subscription.enabled = types > 0;
  }
  if (typeof enabled !== 'boolean') return;
  subscription.enabled = enabled;
  if (enabled !== subscription.notificationTypes > 0) subscription.notificationTypes = enabled ? 1 : DISABLED;
}
