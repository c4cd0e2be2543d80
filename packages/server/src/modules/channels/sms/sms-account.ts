import type { SmppSettings } from './smpp/smpp-account.ts';
import type { SnsSettings } from './sns/sns-account.ts';
import type { TwilioSettings } from './twilio/twilio-account.ts';
import type { VonageSettings } from './vonage/vonage-account.ts';

/** How an app sends text messages. */
export type SmsSettings = TwilioSettings | VonageSettings | SnsSettings | SmppSettings;
