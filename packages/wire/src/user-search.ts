import { Type } from 'typebox';
import type { Static } from 'typebox';
import { user } from './user.ts';

/** A moment in a query string: ISO 8601 with its offset, or Unix seconds as users show them. */
const moment = Type.Optional(Type.String());

/** GET /apps/{app_id}/users. Filters are combined by AND; what is not known here is refused. */
export const userSearchQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 300 })),
    /** `next_cursor` of the page before, with the same filters. */
    cursor: Type.Optional(Type.String()),
    external_id: Type.Optional(Type.String()),
    external_id_prefix: Type.Optional(Type.String()),
    /** `label:value`; may be repeated. */
    alias: Type.Optional(Type.Array(Type.String(), { maxItems: 20 })),
    email: Type.Optional(Type.String()),
    phone_number: Type.Optional(Type.String()),
    /** `key` for users who have the tag, `key=value` for those who have it with this value; may be repeated. */
    tag: Type.Optional(Type.Array(Type.String(), { maxItems: 20 })),
    language: Type.Optional(Type.String()),
    country: Type.Optional(Type.String()),
    test_users: Type.Optional(Type.Boolean()),
    last_active_after: moment,
    last_active_before: moment,
    created_after: moment,
    created_before: moment,
    /** Users with a subscription of this channel that can be reached now. */
    subscribed_to: Type.Optional(
      Type.Union([Type.Literal('email'), Type.Literal('sms'), Type.Literal('push')]),
    ),
  },
  { additionalProperties: false },
);
export type UserSearchQuery = Static<typeof userSearchQuery>;

/** A page may be short, or even empty, while there is more: it ends after so many users looked at, too. */
export const userPage = Type.Object({
  users: Type.Array(user),
  has_more: Type.Boolean(),
  /** Absent on the last page. */
  next_cursor: Type.Optional(Type.String()),
});
export type UserPage = Static<typeof userPage>;
