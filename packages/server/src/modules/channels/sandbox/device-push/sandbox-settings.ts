import { generateKeyPairSync } from 'node:crypto';
import type { AdmSettings } from '../../push/adm/adm-account.ts';
import type { ApnsKeySettings } from '../../push/apns/apns-account.ts';
import type { FcmSettings } from '../../push/fcm/fcm-account.ts';
import type { HuaweiSettings } from '../../push/huawei/huawei-account.ts';

/** Nobody checks what is signed with it: it is small, and made in a moment. */
const RSA_BITS = 1_024;

/** Settings with which an app reaches the APNs of the sandbox, at `origin`. */
export function sandboxApnsSettings(origin: string): ApnsKeySettings {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    kind: 'apns',
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    keyId: 'SANDBOXKEY',
    teamId: 'SANDBOXTEA',
    bundleId: 'example.carillon.sandbox',
    environment: 'production',
    address: { kind: 'sandbox', origin },
  };
}

/** Settings with which an app reaches the FCM of the sandbox, at `origin`. */
export function sandboxFcmSettings(origin: string): FcmSettings {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: RSA_BITS });
  return {
    kind: 'fcm',
    projectId: 'carillon-sandbox',
    clientEmail: 'sandbox@carillon.example',
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    privateKeyId: null,
    tokenUri: `${origin}/token`,
    address: { kind: 'sandbox', origin },
  };
}

/** Settings with which an app reaches Huawei Push Kit of the sandbox, at `origin`. */
export function sandboxHuaweiSettings(origin: string): HuaweiSettings {
  return {
    kind: 'huawei',
    appId: '100000001',
    clientSecret: 'sandbox',
    projectId: null,
    address: { kind: 'sandbox', origin },
  };
}

/** Settings with which an app reaches Amazon Device Messaging of the sandbox, at `origin`. */
export function sandboxAdmSettings(origin: string): AdmSettings {
  return {
    kind: 'adm',
    clientId: 'sandbox',
    clientSecret: 'sandbox',
    address: { kind: 'sandbox', origin },
  };
}
