import type { TokenSigner } from '../../../platform/crypto/index.ts';
import type { EmailSettings } from '../email/email-account.ts';
import type { AnyAccount } from '../provider-accounts/provider-accounts.ts';
import type { ApnsKeySettings } from '../push/apns/apns-account.ts';
import type { FcmSettings } from '../push/fcm/fcm-account.ts';
import { vapidKeysOf } from '../push/web-push/vapid-keys.ts';
import type { WebPushSettings } from '../push/web-push/web-push-settings.ts';
import type { TwilioSettings } from '../sms/twilio/twilio-account.ts';
import type { Transport } from '../transport.ts';
import {
  sandboxAdmSettings,
  sandboxApnsSettings,
  sandboxFcmSettings,
  sandboxHuaweiSettings,
} from './device-push/sandbox-settings.ts';
import type { SandboxPlaces } from './places.ts';
import { accountSidOf, authTokenOf } from './twilio/account-of-app.ts';

const SMTP_CONNECTIONS = 5;
const TWILIO_CONNECTIONS = 10;
/** Of the numbers that nobody has, and none of those that ask for something as a recipient. */
const SMS_SENDER = '+15005550006';

/** What apps send through that have set nothing: the receivers of the sandbox, each over its own protocol. */
export class FallbackAccounts {
  readonly #places: SandboxPlaces;
  readonly #signer: TokenSigner;
  /** Making keys takes a moment: they are made at the first message. */
  #apns: ApnsKeySettings | null = null;
  #fcm: FcmSettings | null = null;

  constructor(places: SandboxPlaces, signer: TokenSigner) {
    this.#places = places;
    this.#signer = signer;
  }

  of(appId: string, transport: Transport): AnyAccount {
    const { apnsOrigin, fcmOrigin, huaweiOrigin, admOrigin, twilioOrigin, smtpPort } = this.#places;
    switch (transport) {
      case 'email':
        return { key: `sandbox ${smtpPort}`, settings: this.#email() };
      case 'ios_push':
        return { key: 'sandbox', settings: (this.#apns ??= sandboxApnsSettings(apnsOrigin)) };
      case 'android_push':
        return { key: 'sandbox', settings: (this.#fcm ??= sandboxFcmSettings(fcmOrigin)) };
      case 'web_push':
        return { key: `sandbox ${appId}`, settings: this.#webPush(appId) };
      case 'sms':
        return { key: `sandbox ${twilioOrigin} ${appId}`, settings: this.#sms(appId) };
      case 'huawei_push':
        return { key: 'sandbox', settings: sandboxHuaweiSettings(huaweiOrigin) };
      case 'amazon_push':
        return { key: 'sandbox', settings: sandboxAdmSettings(admOrigin) };
    }
  }

  #email(): EmailSettings {
    return {
      kind: 'smtp',
      host: this.#places.host,
      port: this.#places.smtpPort,
      security: 'none',
      user: null,
      password: null,
      connections: SMTP_CONNECTIONS,
      fromName: 'Carillon',
      fromAddress: 'hello@carillon.example',
    };
  }

  #webPush(appId: string): WebPushSettings {
    return {
      kind: 'vapid',
      subject: 'mailto:sandbox@carillon.example',
      ...vapidKeysOf(this.#signer, appId),
      address: { kind: 'sandbox', origin: this.#places.webPushOrigin },
    };
  }

  #sms(appId: string): TwilioSettings {
    const accountSid = accountSidOf(appId);
    return {
      kind: 'twilio',
      accountSid,
      authToken: authTokenOf(this.#signer, accountSid),
      apiKeySid: null,
      apiKeySecret: null,
      from: SMS_SENDER,
      baseUrl: this.#places.twilioOrigin,
      connections: TWILIO_CONNECTIONS,
    };
  }
}
