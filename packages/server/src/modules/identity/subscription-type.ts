import type { Channel, SubscriptionType } from '@carillon/wire';

const CHANNELS: Readonly<Record<SubscriptionType, Channel>> = {
  Email: 'email',
  SMS: 'sms',
  iOSPush: 'push',
  AndroidPush: 'push',
  HuaweiPush: 'push',
  FireOSPush: 'push',
  WindowsPush: 'push',
  macOSPush: 'push',
  ChromeExtensionPush: 'push',
  ChromePush: 'push',
  SafariLegacyPush: 'push',
  FirefoxPush: 'push',
  SafariPush: 'push',
};

const BY_LOWER_CASE: ReadonlyMap<string, SubscriptionType> = new Map(
  (Object.keys(CHANNELS) as SubscriptionType[]).map((type) => [type.toLowerCase(), type]),
);

/** The way that messages of this kind of subscription travel. */
export function channelOf(type: SubscriptionType): Channel {
  return CHANNELS[type];
}

/** The documented spelling of a type that may come in any case, or null: examples in the wild say `email`. */
export function parseSubscriptionType(text: string): SubscriptionType | null {
  return BY_LOWER_CASE.get(text.toLowerCase()) ?? null;
}
