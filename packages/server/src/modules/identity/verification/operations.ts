import type { CreateCustomEventsBody, CreateUserBody, IdentityBody, SubscriptionBody } from '@carillon/wire';
import type { FastifyRequest } from 'fastify';
import type { Alias } from '../alias.ts';
import type { Reach } from './reach.ts';

/** What is left of an operation for devices when their app verifies identities. Keys open all of them. */
export type Operation =
  /** Everything: it shows and changes nothing of a user, or asks for a proof of its own. */
  | 'open'
  /** Nothing: it takes a key. */
  | 'keys'
  /** What the request reaches, which the identity token of the caller has to cover. */
  | ((request: Request) => Reach);

/** A request whose schema has been checked. */
export type Request = Pick<FastifyRequest, 'params' | 'body'>;

const ofPath: Operation = (request) => ({ names: [namedByPath(request)] });

const ownDevice: Operation = (request) => ({ owns: { id: subscriptionOf(request), change: {} } });

const ofEvents: Operation = ({ body }) => ({
  names: (body as CreateCustomEventsBody).events.flatMap(({ external_id, onesignal_id }) => [
    ...namedBy('external_id', external_id),
    ...namedBy('onesignal_id', onesignal_id),
  ]),
});

/**
 * Every operation about users that devices may call, by method and route. A route that is open to
 * devices and stands nowhere here does not start.
 */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'POST /apps/:app_id/users': ({ body }) => {
    const { identity, subscriptions } = body as CreateUserBody;
    return { creates: identity ?? {}, adds: subscriptions ?? [] };
  },
  'GET /apps/:app_id/users/by/:alias_label/:alias_id': ofPath,
  'PATCH /apps/:app_id/users/by/:alias_label/:alias_id': ofPath,
  'DELETE /apps/:app_id/users/by/:alias_label/:alias_id': ofPath,
  'GET /apps/:app_id/users/by/:alias_label/:alias_id/identity': ofPath,
  'PATCH /apps/:app_id/users/by/:alias_label/:alias_id/identity': (request) => ({
    names: [namedByPath(request)],
    gives: (request.body as IdentityBody).identity,
  }),
  'DELETE /apps/:app_id/users/by/:alias_label/:alias_id/identity/:label_to_delete': ofPath,
  'POST /apps/:app_id/users/by/:alias_label/:alias_id/subscriptions': (request) => ({
    names: [namedByPath(request)],
    adds: [(request.body as SubscriptionBody).subscription],
  }),
  'PATCH /apps/:app_id/subscriptions/:subscription_id': (request) => ({
    owns: { id: subscriptionOf(request), change: (request.body as SubscriptionBody).subscription },
  }),
  'DELETE /apps/:app_id/subscriptions/:subscription_id': ownDevice,
  'PUT /apps/:app_id/activities/tokens/start/:activity_type/subscriptions/:subscription_id': ownDevice,
  'DELETE /apps/:app_id/activities/tokens/start/:activity_type/subscriptions/:subscription_id': ownDevice,
  'POST /apps/:app_id/live_activities/:activity_id/token': ({ body }) => ({
    owns: { id: (body as { subscription_id: string }).subscription_id, change: {} },
  }),
  'DELETE /apps/:app_id/live_activities/:activity_id/token/:subscription_id': ownDevice,
  'PATCH /apps/:app_id/subscriptions/:subscription_id/owner': (request) => ({
    names: Object.entries((request.body as IdentityBody).identity).map(([label, value]) => ({
      label,
      value: String(value),
    })),
    adds: [{ id: subscriptionOf(request) }],
  }),
  // How devices found the user of a subscription from before there were users: not where they must prove it.
  'GET /apps/:app_id/subscriptions/:subscription_id/user/identity': 'keys',
  'PATCH /apps/:app_id/subscriptions/:subscription_id/user/identity': 'keys',
  'POST /apps/:app_id/custom_events': ofEvents,
  'POST /apps/:app_id/integrations/custom_events': ofEvents,
  'POST /apps/:app_id/integrations/sdk/custom_events': ofEvents,
  // The provider's own proof is asked for.
  'POST /apps/:app_id/channels/sms/twilio/inbound': 'open',
  'POST /apps/:app_id/channels/sms/vonage/inbound': 'open',
  'POST /apps/:app_id/channels/email/:provider/events': 'open',
  // The token of an email is signed for one subscription.
  'POST /apps/:app_id/notifications/:message_id/unsubscribe': 'open',
  // Of the time before users, whose clients cannot prove who they are; the other routes of players name
  // no app in their path, and take a key for the same reason.
  'PUT /apps/:app_id/users/:external_user_id': 'keys',
};

function namedByPath({ params }: Request): Alias {
  const { alias_label: label, alias_id: value } = params as { alias_label: string; alias_id: string };
  return { label, value };
}

function subscriptionOf({ params }: Request): string {
  return (params as { subscription_id: string }).subscription_id;
}

/** Events are read one by one: what is no name is told of that event, not of the request. */
function namedBy(label: string, value: unknown): Alias[] {
  const isName = (typeof value === 'string' && value !== '') || typeof value === 'number';
  return isName ? [{ label, value: String(value) }] : [];
}
