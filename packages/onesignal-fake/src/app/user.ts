import type { Json } from '../reply.ts';

export interface FakeSubscription {
  readonly id: string;
  readonly type: string;
  readonly token: string;
  enabled: boolean;
  notificationTypes: number;
  /** Of browsers: the two keys that encrypt for them. */
  webAuth: string | null;
  webP256: string | null;
  owner: FakeUser;
}

export interface FakeUser {
  readonly onesignalId: string;
  /** `external_id` and custom labels. */
  readonly aliases: Map<string, string>;
  readonly tags: Map<string, string>;
  /** Language, time zone, country and whatever else was set, without the tags. */
  readonly properties: Json;
  /** The oldest first. */
  subscriptions: FakeSubscription[];
}

/** Types as typed clients demand them; requests may use any case. */
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

export type Channel = 'email' | 'sms' | 'push';

export function channelOf(type: string): Channel {
  return type === 'Email' ? 'email' : type === 'SMS' ? 'sms' : 'push';
}

export function identityOf(user: FakeUser): Json {
  return { onesignal_id: user.onesignalId, ...Object.fromEntries(user.aliases) };
}

export function propertiesOf(user: FakeUser): Json {
  return { tags: Object.fromEntries(user.tags), ...user.properties };
}

export function subscriptionView(subscription: FakeSubscription, appId: string): Json {
  const { id, type, token, enabled, notificationTypes } = subscription;
  return {
    id,
    app_id: appId,
    type,
    token,
    enabled,
    notification_types: notificationTypes,
    session_time: 0,
    session_count: 0,
  };
}
