import { domainToASCII } from 'node:url';
import type { SubscriptionType } from '@carillon/wire';
import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { ApiError } from '../../platform/http/api-error.ts';
import { checkName, refuse } from './text-rule.ts';

// An index entry of PostgreSQL holds 2,704 bytes; endpoints in the wild have up to about 700.
const LONGEST_TOKEN = 2048;
const PRINTABLE = /^[\x21-\x7e]*$/;
const ASCII = /^[\x21-\x7e]*$/;
const LONGEST_EMAIL = 254;
const LONGEST_LOCAL_PART = 64;
const LONGEST_PHONE = 64;

// Quoted local parts and address literals exist on paper; no mailbox provider hands them out.
const EMAIL = /^[^\s@<>()[\]\\,;:"]+@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,}$/u;
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
      if (token !== '' && !APNS.test(token))
        refuse('subscription.token', 'of iOSPush must be 64 hex digits', given);
      return token.toLowerCase();
    case 'AndroidPush':
    case 'HuaweiPush':
    case 'FireOSPush':
    case 'WindowsPush':
    case 'macOSPush':
    case 'ChromeExtensionPush':
    case 'SafariLegacyPush':
      return parsePushToken(token);
    case 'ChromePush':
    case 'FirefoxPush':
    case 'SafariPush':
      return parseEndpoint(type, token);
  }
}

/** Trimmed, in lower case, of the form name@host.domain, the domain in its ASCII form (RFC 5890). */
export function parseEmail(given: string): string {
  const email = given.trim().toLowerCase();
  checkName('subscription.token', email, LONGEST_EMAIL);
  if (!EMAIL.test(email) || email.indexOf('@') > LONGEST_LOCAL_PART || email.includes('..')) {
    refuse('subscription.token', 'of type Email must be an email address such as name@example.com', given);
  }
  if (ASCII.test(email)) return email;
  const at = email.indexOf('@');
  const domain = domainToASCII(email.slice(at + 1));
  if (domain === '')
    refuse('subscription.token', 'of type Email must have a domain that can be looked up', given);
  return `${email.slice(0, at)}@${domain}`;
}

/** Whether a mail can go there as far as its form tells: what `parseEmail` does not refuse. */
export function isEmailAddress(given: string): boolean {
  return isTaken(() => parseEmail(given));
}

/** Whether a text can go there as far as its form tells: what `parsePhoneNumber` does not refuse. */
export function isPhoneNumber(given: string): boolean {
  return isTaken(() => parsePhoneNumber(given));
}

function isTaken(parse: () => string): boolean {
  try {
    parse();
    return true;
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}

/** Web push (RFC 8030): the address at the push service that a message is posted to. */
function parseEndpoint(type: SubscriptionType, token: string): string {
  if (token !== '' && !/^https?:\/\/[^/\s]+\//i.test(token)) {
    refuse(
      'subscription.token',
      `of ${type} must be the URL of its push endpoint, such as https://push.example/abc`,
      token,
    );
  }
  return parsePushToken(token);
}

function parsePushToken(token: string): string {
  if (!PRINTABLE.test(token)) refuse('subscription.token', 'must be ASCII without spaces', token);
  return token === '' ? '' : checkName('subscription.token', token, LONGEST_TOKEN);
}

/**
 * E.164. A number needs its country code, because nobody can guess it; whether it is in use is not asked,
 * only whether its country has numbers of that length.
 */
export function parsePhoneNumber(token: string): string {
  checkName('subscription.token', token, LONGEST_PHONE);
  // People write 00 for +.
  const number = parsePhoneNumberFromString(token.replace(/^\s*00(?=[1-9])/, '+'), { extract: false });
  if (number === undefined || number.ext !== undefined || !number.isPossible()) {
    refuse(
      'subscription.token',
      'of type SMS must be a phone number in E.164, with its country code, such as +15550100000',
      token,
    );
  }
  return number.number;
}
