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
