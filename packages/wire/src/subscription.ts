import { Type } from 'typebox';
import type { Static } from 'typebox';

/** Every kind of subscription, spelled as typed clients demand. Requests may use any case. */
export const SUBSCRIPTION_TYPES = [
  'Email',
  'SMS',
  'iOSPush',
  'AndroidPush',
  'HuaweiPush',
  'FireOSPush',
  'WindowsPush',
  'macOSPush',
  'ChromeExtensionPush',
  'ChromePush',
  'SafariLegacyPush',
  'FirefoxPush',
  'SafariPush',
] as const;

export type SubscriptionType = (typeof SUBSCRIPTION_TYPES)[number];

/** How messages travel: each type of subscription belongs to one of these. */
export type Channel = 'email' | 'sms' | 'push';

/** What a device says about itself. Kept as sent. */
const device = {
  sdk: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  device_model: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  device_os: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  rooted: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
  /** Null or 0 production, 1 development, 2 ad hoc. */
  test_type: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  app_version: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  net_type: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  carrier: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  /** Standard base64, as browsers hand them out. */
  web_auth: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  web_p256: Type.Optional(Type.Union([Type.String(), Type.Null()])),
};

/**
 * What a person has said about being written to, ours. The newest fact decides: one that is older than
 * what is known is kept, and changes nothing.
 */
export const consentInput = Type.Object({
  granted: Type.Boolean(),
  /** When the person said so. ISO 8601. */
  at: Type.String({ format: 'date-time' }),
  /** Where: `checkout`, `import of 2026-03`, ... */
  source: Type.String({ minLength: 1, maxLength: 128 }),
  /** The words that were agreed to. */
  text: Type.Optional(Type.Union([Type.String({ maxLength: 2_048 }), Type.Null()])),
});
export type ConsentInput = Static<typeof consentInput>;

/** A fact as it is kept. */
export const consent = Type.Object({
  granted: Type.Boolean(),
  /** ISO 8601. */
  at: Type.String(),
  source: Type.String(),
  text: Type.Union([Type.String(), Type.Null()]),
  /** When we were told. ISO 8601. */
  recorded_at: Type.String(),
});
export type Consent = Static<typeof consent>;

/** GET /apps/{app_id}/subscriptions/{subscription_id}/consents: the newest first. */
export const consentsAnswer = Type.Object({ consents: Type.Array(consent) });
export type ConsentsAnswer = Static<typeof consentsAnswer>;

/** A subscription in a request. `{"id"}` alone means: this existing one. */
export const subscriptionInput = Type.Object({
  id: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  type: Type.Optional(Type.String()),
  token: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  enabled: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
  /** Above 0 subscribed; the rest are reasons why not. */
  notification_types: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  session_count: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  /** Seconds. */
  session_time: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  consent: Type.Optional(Type.Union([consentInput, Type.Null()])),
  ...device,
});
export type SubscriptionInput = Static<typeof subscriptionInput>;

/** A subscription in an answer. */
export const subscription = Type.Object({
  id: Type.String(),
  app_id: Type.String(),
  type: Type.String(),
  token: Type.String(),
  enabled: Type.Boolean(),
  notification_types: Type.Integer(),
  session_time: Type.Integer(),
  session_count: Type.Integer(),
  ...device,
});
export type Subscription = Static<typeof subscription>;

/** Body of creating and of updating one subscription. */
export const subscriptionBody = Type.Object({ subscription: subscriptionInput });
export type SubscriptionBody = Static<typeof subscriptionBody>;

export const subscriptionAnswer = Type.Object({ subscription });
export type SubscriptionAnswer = Static<typeof subscriptionAnswer>;
