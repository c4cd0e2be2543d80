import { Type } from 'typebox';
import type { Static } from 'typebox';

/** One event, as documented. What is wrong with one is told of that one, so its members are free here. */
export const customEventInput = Type.Object({
  /** At most 128 characters. */
  name: Type.Optional(Type.Unknown()),
  external_id: Type.Optional(Type.Unknown()),
  onesignal_id: Type.Optional(Type.Unknown()),
  /** ISO 8601; now when absent or in the future. */
  timestamp: Type.Optional(Type.Unknown()),
  /** A UUID: the same key again within 4 hours is not taken twice. */
  idempotency_key: Type.Optional(Type.Unknown()),
  properties: Type.Optional(Type.Unknown()),
  /** What the server SDKs call `properties`. */
  payload: Type.Optional(Type.Unknown()),
});
export type CustomEventInput = Static<typeof customEventInput>;

/** POST /apps/{app_id}/custom_events */
export const createCustomEventsBody = Type.Object({ events: Type.Array(customEventInput) });
export type CreateCustomEventsBody = Static<typeof createCustomEventsBody>;

/** Of the events that were not taken; all others were. */
export const customEventRefusal = Type.Object({
  /** The external_id or onesignal_id as sent, if any. */
  event_user_id: Type.Union([Type.String(), Type.Null()]),
  /** The event's idempotency_key, or an id made for it. */
  event_id: Type.String(),
  error: Type.Object({ code: Type.String(), title: Type.String() }),
});
export type CustomEventRefusal = Static<typeof customEventRefusal>;

export const createCustomEventsAnswer = Type.Object({
  errors: Type.Optional(Type.Array(customEventRefusal)),
});
export type CreateCustomEventsAnswer = Static<typeof createCustomEventsAnswer>;

/** JSON of the caller's own; nesting and arrays are fine. */
export type CustomEventProperties = Readonly<Record<string, unknown>>;
