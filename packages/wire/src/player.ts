import { Type } from 'typebox';
import type { Static } from 'typebox';
import { purchase } from './user.ts';

/**
 * The model before users and subscriptions: one flat record, the player, for each device, address or
 * number. Its id is a subscription's.
 */

/** Old clients write numbers as text, too. */
const wholeNumber = Type.Union([Type.Integer(), Type.String({ pattern: '^-?\\d{1,10}$' }), Type.Null()]);
const number = Type.Union([Type.Number(), Type.String({ pattern: '^-?\\d{1,9}(\\.\\d+)?$' }), Type.Null()]);
const text = Type.Union([Type.String(), Type.Null()]);

/** Tags as they may be sent: `""` and null remove one. PHP writes an empty map as `[]`. */
const tags = Type.Union([
  Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])),
  Type.Array(Type.Unknown(), { maxItems: 0 }),
  Type.Null(),
]);

/** Which app a body is about. A key of that app says it, too. */
const ofApp = { app_id: Type.Optional(text) };

/** POST /players, PUT /players/{player_id} and POST /players/{player_id}/on_session. */
export const playerBody = Type.Object({
  ...ofApp,
  /** The platform's number. Required for a player that does not exist yet. */
  device_type: Type.Optional(wholeNumber),
  /** Push token, endpoint, email address or phone number. */
  identifier: Type.Optional(text),
  /** `""` takes the player away from its user. */
  external_user_id: Type.Optional(text),
  tags: Type.Optional(tags),
  language: Type.Optional(text),
  /** Seconds east of Greenwich. */
  timezone: Type.Optional(wholeNumber),
  /** IANA name; counts before `timezone`. */
  timezone_id: Type.Optional(text),
  country: Type.Optional(text),
  lat: Type.Optional(number),
  long: Type.Optional(number),
  /** Above 0 subscribed; the rest are reasons why not. */
  notification_types: Type.Optional(wholeNumber),
  session_count: Type.Optional(wholeNumber),
  /** Seconds. */
  playtime: Type.Optional(wholeNumber),
  sdk: Type.Optional(text),
  device_model: Type.Optional(text),
  device_os: Type.Optional(text),
  game_version: Type.Optional(text),
  test_type: Type.Optional(wholeNumber),
  net_type: Type.Optional(wholeNumber),
  carrier: Type.Optional(text),
  rooted: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
  web_auth: Type.Optional(text),
  web_p256: Type.Optional(text),
});
export type PlayerBody = Static<typeof playerBody>;

/** A player in an answer. */
export const player = Type.Object({
  id: Type.String(),
  identifier: text,
  session_count: Type.Integer(),
  language: text,
  /** Seconds east of Greenwich, now; null when the time zone is unknown. */
  timezone: Type.Union([Type.Integer(), Type.Null()]),
  timezone_id: Type.Optional(Type.String()),
  game_version: text,
  device_os: text,
  device_type: Type.Integer(),
  device_model: text,
  /** Advertising ids are not kept. */
  ad_id: Type.Null(),
  tags: Type.Record(Type.String(), Type.String()),
  /** Unix seconds. */
  last_active: Type.Integer(),
  /** Seconds. */
  playtime: Type.Integer(),
  amount_spent: Type.Number(),
  /** Unix seconds. */
  created_at: Type.Integer(),
  /** True: nothing can be sent to it. */
  invalid_identifier: Type.Boolean(),
  notification_types: Type.Integer(),
  badge_count: Type.Integer(),
  sdk: text,
  test_type: Type.Union([Type.Integer(), Type.Null()]),
  /** Addresses of devices are not kept. */
  ip: Type.Null(),
  external_user_id: text,
  country: Type.Optional(Type.String()),
  lat: Type.Optional(Type.Number()),
  long: Type.Optional(Type.Number()),
});
export type Player = Static<typeof player>;

/** GET /players */
export const playerPage = Type.Object({
  total_count: Type.Integer(),
  offset: Type.Integer(),
  limit: Type.Integer(),
  players: Type.Array(player),
});
export type PlayerPage = Static<typeof playerPage>;

/** Answer of a write; `id` where the player may be a new one. */
export const playerAnswer = Type.Object({ success: Type.Boolean(), id: Type.Optional(Type.String()) });
export type PlayerAnswer = Static<typeof playerAnswer>;

/** PUT /apps/{app_id}/users/{external_user_id} */
export const playerTagsBody = Type.Object({ tags });
export type PlayerTagsBody = Static<typeof playerTagsBody>;

/** POST /players/{player_id}/on_purchase */
export const playerPurchasesBody = Type.Object({
  ...ofApp,
  purchases: Type.Array(purchase, { maxItems: 100 }),
});
export type PlayerPurchasesBody = Static<typeof playerPurchasesBody>;

/** POST /players/{player_id}/on_focus */
export const playerFocusBody = Type.Object({
  ...ofApp,
  /** Seconds since the last such call. Absent when a device only tells that its badge is cleared. */
  active_time: Type.Optional(number),
});
export type PlayerFocusBody = Static<typeof playerFocusBody>;
