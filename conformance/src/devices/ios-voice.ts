import { randomBytes } from 'node:crypto';
import type { DeviceVoice, PushState } from './device-voice.ts';

const SDK = '050601';
const SYSTEM = { device_os: '18.1', sdk: SDK, app_version: '1.0' };
const PHONE = { ...SYSTEM, device_model: 'iPhone17,1', test_type: 1, net_type: 0 };

/** The iOS SDK. Where notifications are allowed, it tells which kinds of them as a bit mask. */
export const iosVoice: DeviceVoice = {
  name: 'iOS SDK',
  prefix: '',
  pushType: 'iOSPush',
  namesItself: 'always',
  headers: (hasBody) => ({
    Accept: 'application/vnd.onesignal.v1+json',
    'SDK-Version': `onesignal/ios/${SDK}`,
    ...(hasBody && { 'Content-Type': 'application/json' }),
  }),
  newToken: () => randomBytes(32).toString('hex'),
  push: (token) => ({ type: 'iOSPush', token, enabled: true, notification_types: 31, ...PHONE }),
  placeholder: () => ({ type: 'iOSPush', token: '', enabled: false, notification_types: 0, ...PHONE }),
  // Without the type.
  pushChange: ({ token, enabled, notification_types: types }: PushState) => ({
    token,
    ...SYSTEM,
    notification_types: types === 1 ? 31 : types,
    enabled,
  }),
  address: (type, token) => ({ type, token, enabled: true, notification_types: 1, ...SYSTEM }),
};
