import type { SubscriptionType } from '@carillon/wire';
import { checkName, refuse } from './text-rule.ts';

// An index entry of PostgreSQL holds 2,704 bytes; endpoints in the wild have up to about 700.
const LONGEST_TOKEN = 2048;
const PRINTABLE = /^[\x21-\x7e]*$/;
const LONGEST_EMAIL = 254;
const LONGEST_LOCAL_PART = 64;

// Quoted local parts and address literals exist on paper; no mailbox provider hands them out.
const EMAIL = /^[^\s@<>()[\]\\,;:"]+@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,}$/u;
const E164 = /^\+[1-9]\d{6,14}$/;
const APNS = /^[0-9a-f]{64,200}$/i;

/**
 * The one spelling of a token, which makes it unique in its app: emails trimmed and in lower case,
 * phone numbers in E.164. A push subscription may have no token yet: `""`.
 * Throws ApiError `request-invalid`.
 */
export function parseToken(type: SubscriptionType, given: string): string {
  const token = given.trim();
  switch (type) {
    case 'Email':
      return parseEmail(token);
    case 'SMS':
      return parsePhoneNumber(token);
    case 'iOSPush':
      if (token !== '' && !APNS.test(token)) refuse('subscription.token', 'of iOSPush must be 64 hex digits');
      return token.toLowerCase();
    case 'AndroidPush':
    case 'HuaweiPush':
    case 'FireOSPush':
    case 'WindowsPush':
    case 'macOSPush':
    case 'ChromeExtensionPush':
    case 'ChromePush':
    case 'SafariLegacyPush':
    case 'FirefoxPush':
    case 'SafariPush':
      return parsePushToken(token);
  }
}

/** Trimmed, in lower case, and of the form name@host.domain. */
export function parseEmail(given: string): string {
  const email = given.trim().toLowerCase();
  checkName('subscription.token', email, LONGEST_EMAIL);
  if (!EMAIL.test(email) || email.indexOf('@') > LONGEST_LOCAL_PART || email.includes('..')) {
    refuse('subscription.token', 'of type Email must be an email address such as name@example.com');
  }
  return email;
}

function parsePushToken(token: string): string {
  if (!PRINTABLE.test(token)) refuse('subscription.token', 'must be ASCII without spaces');
  return token === '' ? '' : checkName('subscription.token', token, LONGEST_TOKEN);
}

function parsePhoneNumber(token: string): string {
  // People write +1 (555) 010-0000; the number is the same.
  const number = token.replace(/[\s().-]/g, '');
  if (!E164.test(number)) {
    refuse('subscription.token', 'of type SMS must be a phone number in E.164, such as +15550100000');
  }
  return number;
}
