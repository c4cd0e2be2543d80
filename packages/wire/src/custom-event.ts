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

/** An event as it came. */
export const listedCustomEvent = Type.Object({
  id: Type.String({ description: 'Its idempotency_key, where it had one.' }),
  name: Type.String(),
  onesignal_id: Type.String(),
  external_id: Type.Union([Type.String(), Type.Null()]),
  properties: Type.Record(Type.String(), Type.Unknown()),
  source: Type.Enum(['api', 'device']),
  timestamp: Type.String({ format: 'date-time', description: 'When it happened.' }),
  received_at: Type.String({ format: 'date-time' }),
});
export type ListedCustomEvent = Static<typeof listedCustomEvent>;

/** GET /apps/{app_id}/custom_events: the newest first. */
export const customEventPage = Type.Object({
  events: Type.Array(listedCustomEvent),
  next_cursor: Type.Optional(Type.String()),
});
export type CustomEventPage = Static<typeof customEventPage>;

const eventUser = Type.Object({ id: Type.String(), name: Type.String() });

/** What is known of the events of one name. */
export const customEventName = Type.Object({
  name: Type.String(),
  total: Type.Integer({ description: 'Events that were taken in.' }),
  first_seen: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
  last_seen: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
  sources: Type.Array(Type.String()),
  last_properties: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()], {
    description: 'Of the newest event; null when it was about somebody who was erased.',
  }),
  retention_days: Type.Union([Type.Integer(), Type.Null()], { description: 'Null: they are kept.' }),
  used_by: Type.Object(
    { journeys: Type.Array(eventUser), segments: Type.Array(eventUser) },
    { description: 'Journeys that are not archived, and segments, whose rules name it.' },
  ),
});
export type CustomEventName = Static<typeof customEventName>;

/** GET /apps/{app_id}/custom_events/names: in the order of the names. */
export const customEventNamePage = Type.Object({
  names: Type.Array(customEventName),
  next_cursor: Type.Optional(Type.String()),
});
export type CustomEventNamePage = Static<typeof customEventNamePage>;

/** PATCH /apps/{app_id}/custom_events/names/{name} */
export const updateCustomEventNameBody = Type.Object(
  {
    retention_days: Type.Union([Type.Integer({ minimum: 30, maximum: 36_500 }), Type.Null()], {
      description: 'Events are kept for so many days; null: for as long as the app.',
    }),
  },
  { additionalProperties: false },
);
export type UpdateCustomEventNameBody = Static<typeof updateCustomEventNameBody>;
