import type { SmppSettings } from './smpp/smpp-account.ts';
import type { TwilioSettings } from './twilio/twilio-account.ts';

/** How an app sends text messages. */
export type SmsSettings = TwilioSettings | SmppSettings;
