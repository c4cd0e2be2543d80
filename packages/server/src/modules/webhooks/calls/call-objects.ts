import { eventObjects } from '../../messages/index.ts';
import type { CallContext, CallOrigin } from './append-calls-store.ts';
import type { CallPerson } from './person-store.ts';

/** What Liquid of a call sees, under the documented names. */
export type CallObjects = Readonly<Record<string, unknown>>;

/** Of an app and its organization, as templates have them. */
export interface AppObjects {
  readonly app: { readonly id: string; readonly name: string };
  readonly org: { readonly id: string; readonly name: string };
}

/** Bare names are tags, as in templates; an object is never hidden by a tag of its name. */
export function callObjects(
  { app, org }: AppObjects,
  person: CallPerson,
  origin: CallOrigin,
  { journey }: CallContext,
): CallObjects {
  return {
    ...person.tags,
    app,
    org,
    user: userObject(person),
    journey: {
      id: origin.journey_id,
      node_id: origin.node_id,
      run_id: origin.run_id,
      name: journey.name,
      ...eventObjects(journey.events),
    },
  };
}

/** `subscription` is the one that was used last: requests to a user as a whole have no other. */
function userObject({ userId, externalId, timezoneId, subscriptions, ...rest }: CallPerson) {
  const { language, country, tags } = rest;
  return {
    onesignal_id: userId,
    external_id: externalId ?? '',
    language: language ?? '',
    timezone_id: timezoneId ?? '',
    country: country ?? '',
    tags,
    subscriptions,
    subscription: subscriptions[0] ?? {},
  };
}
