import type { SubscriptionType } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';

interface Platform {
  readonly name: string;
  readonly type: SubscriptionType;
}

/**
 * The numbers that old clients have for platforms. 3 and 10 were push services that are no more, and 12
 * stands in no source.
 */
const PLATFORMS: ReadonlyMap<number, Platform> = new Map([
  [0, { name: 'iOS', type: 'iOSPush' }],
  [1, { name: 'Android', type: 'AndroidPush' }],
  [2, { name: 'Amazon', type: 'FireOSPush' }],
  [4, { name: 'ChromeApp', type: 'ChromeExtensionPush' }],
  [5, { name: 'ChromeWebsite', type: 'ChromePush' }],
  [6, { name: 'Windows(WNS)', type: 'WindowsPush' }],
  [7, { name: 'SafariLegacy', type: 'SafariLegacyPush' }],
  [8, { name: 'Firefox', type: 'FirefoxPush' }],
  [9, { name: 'macOS', type: 'macOSPush' }],
  [11, { name: 'Email', type: 'Email' }],
  [13, { name: 'Huawei', type: 'HuaweiPush' }],
  [14, { name: 'SMS', type: 'SMS' }],
  [17, { name: 'Safari', type: 'SafariPush' }],
]);

const NUMBERS: ReadonlyMap<string, number> = new Map(
  [...PLATFORMS].map(([number, { type }]) => [type as string, number]),
);

const OPTIONS = [...PLATFORMS].map(([number, { name }]) => `${number} = ${name}`).join(', ');

/** The kind of subscription that a platform's number stands for. Throws ApiError `player-device-type`. */
export function typeOfDevice(deviceType: number | null): SubscriptionType {
  const platform = deviceType === null ? undefined : PLATFORMS.get(deviceType);
  if (platform !== undefined) return platform.type;
  throw new ApiError('player-device-type', {
    params: { given: deviceType ?? '(missing)', options: OPTIONS },
  });
}

/** The platform's number of a kind of subscription. */
export function deviceTypeOf(type: string): number {
  const number = NUMBERS.get(type);
  if (number === undefined) throw new Error(`no device_type stands for ${type}`);
  return number;
}

/** What a device is told that opens a session under an id that is not there, and does not say what it is. */
export function unknownDevice(): ApiError {
  return new ApiError('player-not-found-on-session', { params: { options: OPTIONS } });
}
