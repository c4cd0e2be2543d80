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
