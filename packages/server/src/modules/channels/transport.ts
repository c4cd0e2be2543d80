import type { SubscriptionType } from '@carillon/wire';

/** By which way a message leaves: email, SMS, or push with one way for each kind of device. */
export const TRANSPORTS = [
  'email',
  'sms',
  'web_push',
  'ios_push',
  'android_push',
  'huawei_push',
  'amazon_push',
] as const;

export type Transport = (typeof TRANSPORTS)[number];

export type PushTransport = Exclude<Transport, 'email' | 'sms'>;

const OF_TYPE: ReadonlyMap<SubscriptionType, PushTransport> = new Map([
  ['ChromePush', 'web_push'],
  ['FirefoxPush', 'web_push'],
  ['SafariPush', 'web_push'],
  ['iOSPush', 'ios_push'],
  ['macOSPush', 'ios_push'],
  ['AndroidPush', 'android_push'],
  ['HuaweiPush', 'huawei_push'],
  ['FireOSPush', 'amazon_push'],
]);

/** The way to a push subscription of this type; null for those whose services have ended. */
export function pushTransportOf(type: string): PushTransport | null {
  return OF_TYPE.get(type as SubscriptionType) ?? null;
}

/** The types of subscriptions that a way of push leads to. */
export function typesOfPushTransport(transport: PushTransport): SubscriptionType[] {
  return [...OF_TYPE].flatMap(([type, way]) => (way === transport ? [type] : []));
}
