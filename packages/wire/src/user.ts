import { Type } from 'typebox';
import type { Static } from 'typebox';
import { subscription, subscriptionInput } from './subscription.ts';

/** Label to value: `external_id`, `onesignal_id` and custom labels. */
export const identityMap = Type.Record(Type.String(), Type.String());

/** The same in a request: numbers become strings. */
export const identityInput = Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]));
export type IdentityInput = Static<typeof identityInput>;

/** Tags as they may be sent: numbers and booleans become strings, `""` and null remove the tag. */
const tagsInput = Type.Record(
  Type.String(),
  Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]),
);

/** Something bought, as device SDKs report it. */
export const purchase = Type.Object({
  sku: Type.String({ minLength: 1, maxLength: 255 }),
  /** What one of it cost. Decimal text; numbers are taken too. */
  amount: Type.Union([Type.String(), Type.Number()]),
  /** ISO 4217. */
  iso: Type.Optional(Type.String({ maxLength: 8 })),
  /** 1 when absent. */
  count: Type.Optional(Type.Integer({ minimum: 1 })),
});

/** What is added to what is there, not set: device SDKs count sessions with it. */
export const userDeltas = Type.Object({
  session_count: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  /** Seconds. */
  session_time: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  /** Decimal text or a number. When absent, the sum of `purchases`. */
  amount_spent: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Null()])),
  purchases: Type.Optional(Type.Union([Type.Array(purchase, { maxItems: 100 }), Type.Null()])),
});
export type UserDeltas = Static<typeof userDeltas>;

/** Properties of a user in a request. Absent and null leave what is there. */
export const userPropertiesInput = Type.Object({
  tags: Type.Optional(Type.Union([tagsInput, Type.Null()])),
  /** ISO 639-1, lower case; also zh-Hans and zh-Hant. */
  language: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  /** IANA name. */
  timezone_id: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  /** ISO 3166-1 alpha-2. */
  country: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  lat: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
  long: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
  /** Its presence marks a test user; "" removes it. */
  test_user_name: Type.Optional(Type.Union([Type.String(), Type.Null()])),
});
export type UserPropertiesInput = Static<typeof userPropertiesInput>;

export const userProperties = Type.Object({
  tags: Type.Record(Type.String(), Type.String()),
  language: Type.Optional(Type.String()),
  timezone_id: Type.Optional(Type.String()),
  country: Type.Optional(Type.String()),
  lat: Type.Optional(Type.Number()),
  long: Type.Optional(Type.Number()),
  test_user_name: Type.Optional(Type.String()),
  /** As reported, without conversion of currencies. Absent when nothing was bought. */
  amount_spent: Type.Optional(Type.Number()),
  /** The newest hundred, oldest first. */
  purchases: Type.Optional(
    Type.Array(
      Type.Object({ sku: Type.String(), amount: Type.String(), iso: Type.String(), count: Type.Integer() }),
    ),
  ),
  /** Sessions of all the user's devices. Absent before the first. */
  session_count: Type.Optional(Type.Integer()),
  /** Seconds of all the user's sessions. */
  session_time: Type.Optional(Type.Integer()),
  /** Unix seconds. */
  first_active: Type.Integer(),
  /** Unix seconds. */
  last_active: Type.Integer(),
});
export type UserProperties = Static<typeof userProperties>;

/** POST /apps/{app_id}/users */
export const createUserBody = Type.Object({
  identity: Type.Optional(Type.Union([identityInput, Type.Null()])),
  properties: Type.Optional(Type.Union([userPropertiesInput, Type.Null()])),
  subscriptions: Type.Optional(Type.Union([Type.Array(subscriptionInput), Type.Null()])),
  /** Sent by device SDKs: this is a sign of life. */
  refresh_device_metadata: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
});
export type CreateUserBody = Static<typeof createUserBody>;

/** PATCH /apps/{app_id}/users/by/{alias_label}/{alias_id} */
export const updateUserBody = Type.Object({
  properties: Type.Optional(Type.Union([userPropertiesInput, Type.Null()])),
  deltas: Type.Optional(Type.Union([userDeltas, Type.Null()])),
  refresh_device_metadata: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
});
export type UpdateUserBody = Static<typeof updateUserBody>;

/** A user in an answer. `identity` always holds `onesignal_id`. */
export const user = Type.Object({
  identity: identityMap,
  properties: userProperties,
  subscriptions: Type.Array(subscription),
});
export type User = Static<typeof user>;

/** Body of adding aliases and of naming a subscription's new owner. */
export const identityBody = Type.Object({ identity: identityInput });
export type IdentityBody = Static<typeof identityBody>;

/** Body of adding aliases. */
export const addAliasesBody = Type.Object({
  identity: identityInput,
  /** Ours: takes aliases from other users who have them, instead of refusing with 409. */
  take: Type.Optional(Type.Boolean()),
});
export type AddAliasesBody = Static<typeof addAliasesBody>;

/** POST /apps/{app_id}/users/by/{alias_label}/{alias_id}/merge, ours: names the user that is merged into this one. */
export const mergeUserBody = Type.Object({ from: identityInput });
export type MergeUserBody = Static<typeof mergeUserBody>;

/** The user after a merge, and the aliases that it has no room for because it has another value of that label. */
export const mergeUserAnswer = Type.Object({
  identity: identityMap,
  properties: userProperties,
  subscriptions: Type.Array(subscription),
  dropped_aliases: identityMap,
});
export type MergeUserAnswer = Static<typeof mergeUserAnswer>;

/** All aliases of a user, with `onesignal_id`. */
export const identityAnswer = Type.Object({ identity: identityMap });
export type IdentityAnswer = Static<typeof identityAnswer>;

/** Who was deleted, and, ours, under which id to see that everything about them is erased. */
export const deleteUserAnswer = Type.Object({ identity: identityMap, erasure_id: Type.String() });
export type DeleteUserAnswer = Static<typeof deleteUserAnswer>;

/** The properties that an update has applied, as they were understood. */
export const updateUserAnswer = Type.Object({ properties: Type.Partial(userProperties) });
export type UpdateUserAnswer = Static<typeof updateUserAnswer>;
