import { Type } from 'typebox';
import type { Static } from 'typebox';

const textOrNull = Type.Union([Type.String(), Type.Null()]);

/** Where a delivery can be that has not ended. */
export const UNFINISHED_STATES = ['waiting', 'sending', 'retrying'] as const;

/** Where a delivery can end. Each delivery ends in exactly one of these. */
export const ENDED_STATES = [
  'sent',
  'failed',
  'unsubscribed',
  'suppressed',
  'capped',
  'expired',
  'cancelled',
  'unknown',
] as const;

const state = Type.Enum([...UNFINISHED_STATES, ...ENDED_STATES]);

/** What happened to one message for one subscription, or what it waits for. */
export const delivery = Type.Object({
  message_id: Type.String(),
  message_name: textOrNull,
  template_id: textOrNull,
  channel: Type.String(),
  subscription_id: Type.String(),
  /** Whose subscription it was; null when that is not known any more. */
  onesignal_id: textOrNull,
  external_id: textOrNull,
  /**
   * `waiting`: its turn has not come. `sending`: it is being handed over. `retrying`: that failed for now, and
   * is tried again. Of the others, each delivery ends in exactly one.
   */
  state,
  /** Why: of every state but `sent`, where there is something to say. */
  reason: textOrNull,
  /** How often it was handed over. */
  attempts: Type.Integer(),
  /** The provider's own name for it. */
  provider_reference: textOrNull,
  /** ISO 8601; null while it has not ended. */
  ended_at: textOrNull,
  /** waiting, retrying: when it is handed over next, at the earliest. */
  next_attempt_at: textOrNull,
  /** What became known afterwards, the oldest first. */
  events: Type.Array(
    Type.Object({
      /** `delivered`, `opened`, `clicked`, `bounced`, ... */
      kind: Type.String(),
      at: Type.String(),
      /** clicked: what was clicked. */
      url: textOrNull,
      /** bounced: what the receiving side said. */
      reason: textOrNull,
    }),
  ),
});
export type Delivery = Static<typeof delivery>;
export type DeliveryState = Delivery['state'];

const paging = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 300 })),
  /** `next_cursor` of the page before, with the same filters. */
  cursor: Type.Optional(Type.String()),
};

const filters = {
  /** May be repeated: any of them. */
  state: Type.Optional(Type.Array(state, { minItems: 1, maxItems: 20 })),
  /** Part of the reason, in any case of letters. */
  reason: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  subscription_id: Type.Optional(Type.String({ format: 'uuid' })),
  /** ISO 8601, or Unix seconds; excluded themselves. What has not ended has no such time. */
  ended_after: Type.Optional(Type.String()),
  ended_before: Type.Optional(Type.String()),
};

/** GET /apps/{app_id}/messages/{message_id}/deliveries. Filters are combined by AND. */
export const deliveryQuery = Type.Object(
  {
    ...paging,
    ...filters,
    /** `label:value`: a user. */
    alias: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
export type DeliveryQuery = Static<typeof deliveryQuery>;

/** GET /apps/{app_id}/users/by/{alias_label}/{alias_id}/deliveries. */
export const userDeliveryQuery = Type.Object({ ...paging, ...filters }, { additionalProperties: false });
export type UserDeliveryQuery = Static<typeof userDeliveryQuery>;

/** A page may be short, or even empty, while there is more: it ends after so many deliveries looked at, too. */
export const deliveryPage = Type.Object({
  deliveries: Type.Array(delivery),
  has_more: Type.Boolean(),
  /** Absent on the last page. */
  next_cursor: Type.Optional(Type.String()),
});
export type DeliveryPage = Static<typeof deliveryPage>;
