import { refuseField } from '../refuse-field.ts';
import { checkWebAddress } from '../web-address.ts';
import type { SmsContent } from './sms-content.ts';

/**
 * A messaging service, an RCS agent, a number in E.164, a short code, or a name of up to eleven letters and digits.
 */
const SENDER = /^(?:MG[\da-f]{32}|rcs:[\w.-]{1,120}|\+[1-9]\d{6,14}|\d{3,8}|(?=.*[a-z])[a-z\d ]{1,11})$/i;

/** Refuses a sender that no network knows, and media without an address. */
export function checkSms({ from, mediaUrls }: SmsContent): void {
  if (from !== null && !SENDER.test(from)) {
    refuseField(
      'sms_from',
      'must be a phone number such as +15550100000, a messaging service id (MG…), or an RCS agent (rcs:…)',
      from,
    );
  }
  for (const [index, url] of mediaUrls.entries()) {
    checkWebAddress(`sms_media_urls[${index}]`, url, ['https', 'http']);
  }
}
