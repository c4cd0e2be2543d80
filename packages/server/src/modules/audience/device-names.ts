import type { PlatformFlags, SubscriptionType } from '@carillon/wire';

/** As the filter `device_type` names kinds of subscriptions. */
const BY_NAME = {
  iOS: ['iOSPush'],
  Android: ['AndroidPush'],
  Amazon: ['FireOSPush'],
  Huawei: ['HuaweiPush'],
  Windows: ['WindowsPush'],
  macOS: ['macOSPush'],
  'Web Push (Browser)': [
    'ChromePush',
    'FirefoxPush',
    'SafariPush',
    'SafariLegacyPush',
    'ChromeExtensionPush',
  ],
  Chrome: ['ChromePush'],
  Firefox: ['FirefoxPush'],
  Safari: ['SafariPush', 'SafariLegacyPush'],
  Email: ['Email'],
  SMS: ['SMS'],
} as const satisfies Readonly<Record<string, readonly SubscriptionType[]>>;

export const DEVICE_NAMES = Object.keys(BY_NAME);

const WEB: readonly SubscriptionType[] = ['ChromePush', 'FirefoxPush', 'SafariPush', 'SafariLegacyPush'];

/** What the flags of a push message stand for; an empty list is a platform that is no more. */
const BY_FLAG: Readonly<Record<keyof PlatformFlags, readonly SubscriptionType[]>> = {
  isIos: ['iOSPush'],
  isAndroid: ['AndroidPush'],
  isHuawei: ['HuaweiPush'],
  isAdm: ['FireOSPush'],
  isAlexa: [],
  isWP: [],
  isWP_WNS: ['WindowsPush'],
  isMacOSX: ['macOSPush'],
  isChrome: ['ChromeExtensionPush'],
  isAnyWeb: WEB,
  isChromeWeb: ['ChromePush'],
  // Edge, like Opera and Samsung's browser, subscribes as Chrome does.
  isEdge: ['ChromePush'],
  isFirefox: ['FirefoxPush'],
  isSafari: ['SafariPush', 'SafariLegacyPush'],
};

const NAMES: ReadonlyMap<string, readonly SubscriptionType[]> = new Map(
  Object.entries(BY_NAME).map(([name, types]) => [name.toLowerCase(), types]),
);

/** The kinds that a `device_type` stands for, in any case of letters; null for a name that is none. */
export function typesOfDeviceName(name: string): readonly SubscriptionType[] | null {
  return NAMES.get(name.trim().toLowerCase()) ?? null;
}

/** The kinds that the flags leave: those of the flags that are true. Null when none is, and all kinds are meant. */
export function typesOfFlags(flags: PlatformFlags): readonly SubscriptionType[] | null {
  const chosen = (Object.keys(BY_FLAG) as (keyof PlatformFlags)[]).filter((flag) => flags[flag] === true);
  return chosen.length === 0 ? null : [...new Set(chosen.flatMap((flag) => BY_FLAG[flag]))];
}
