import { randomBytes, randomUUID } from 'node:crypto';
import type { DeviceVoice } from './device-voice.ts';

const SDK = '160608';
const BROWSER = { sdk: SDK, device_model: 'Linux x86_64', device_os: '156' };
/** Standard base64 with its padding, as browsers hand keys out. */
const KEYS = {
  web_auth: randomBytes(16).toString('base64'),
  web_p256: Buffer.concat([Buffer.of(4), randomBytes(64)]).toString('base64'),
};

/** The web SDK, page and worker. */
export const webVoice: DeviceVoice = {
  name: 'web SDK',
  prefix: '',
  pushType: 'ChromePush',
  namesItself: 'in sessions',
  headers: () => ({
    Accept: 'application/vnd.onesignal.v1+json',
    'Content-Type': 'application/json;charset=UTF-8',
    'SDK-Version': `onesignal/web/${SDK}`,
    Origin: 'https://shop.example.com',
  }),
  newToken: () => `https://push.example.com/wpush/v2/${randomUUID()}`,
  push: (token) => ({ type: 'ChromePush', token, enabled: true, notification_types: 1, ...BROWSER, ...KEYS }),
  placeholder: () => ({ type: 'ChromePush', token: '', enabled: false, ...BROWSER }),
  pushChange: (state) => ({ type: 'ChromePush', ...state, ...KEYS }),
  address: (type, token) => ({ sdk: SDK, type, enabled: true, token, notification_types: 1 }),
};
