import { randomBytes } from 'node:crypto';
import type { DeviceVoice } from './device-voice.ts';

const SDK = '050909';
const PHONE = {
  sdk: SDK,
  device_model: 'Pixel 9',
  device_os: '16',
  rooted: false,
  net_type: 0,
  carrier: '',
  app_version: '42',
};

/** The Android SDK, below a wrapper. */
export const androidVoice: DeviceVoice = {
  name: 'Android SDK',
  prefix: '',
  pushType: 'AndroidPush',
  namesItself: 'always',
  headers: (hasBody) => ({
    Accept: 'application/vnd.onesignal.v1+json',
    'SDK-Version': `onesignal/android/${SDK}`,
    'SDK-Wrapper': 'onesignal/reactnative/050300',
    'OneSignal-Install-Id': '7c1a3a0e-5d0c-4c51-9d3e-2f0e6a1b9c11',
    ...(hasBody && { 'Content-Type': 'application/json; charset=UTF-8' }),
  }),
  newToken: () => `${randomBytes(11).toString('base64url')}:APA91b${randomBytes(100).toString('base64url')}`,
  push: (token) => ({ type: 'AndroidPush', token, enabled: true, notification_types: 1, ...PHONE }),
  placeholder: () => ({ type: 'AndroidPush', token: '', enabled: false, notification_types: 0, ...PHONE }),
  pushChange: (state) => ({ type: 'AndroidPush', ...state, ...PHONE }),
  address: (type, token) => ({ type, token, enabled: true, notification_types: 1, ...PHONE }),
};
