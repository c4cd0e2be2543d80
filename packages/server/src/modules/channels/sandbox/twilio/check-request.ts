import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { TwilioAccount } from './twilio-callbacks.ts';

const LONGEST_BODY = 1_600;

/** The account whose credentials a request shows, or null. */
export function accountOf(
  { headers }: IncomingMessage,
  authTokenOf: (accountSid: string) => string | null,
): TwilioAccount | null {
  const basic = /^Basic (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  const [accountSid = '', given = ''] = Buffer.from(basic, 'base64').toString('utf8').split(/:(.*)/s);
  const authToken = authTokenOf(accountSid);
  if (authToken === null) return null;
  const [wanted, shown] = [Buffer.from(authToken), Buffer.from(given)];
  return wanted.length === shown.length && timingSafeEqual(wanted, shown) ? { accountSid, authToken } : null;
}

/** The code of what Twilio finds before it looks at the number's network, or null. */
export function faultIn(form: URLSearchParams): number | null {
  const to = form.get('To') ?? '';
  if (to === '') return 21604;
  const isRcs = /^rcs:/i.test(form.get('From') ?? '');
  if (!/^\+[1-9]\d{6,14}$/.test(isRcs ? to.replace(/^rcs:/i, '') : to)) return 21211;
  if (!form.has('From') && !form.has('MessagingServiceSid')) return 21603;
  const body = form.get('Body') ?? '';
  if (body === '' && !form.has('MediaUrl')) return 21602;
  return body.length > LONGEST_BODY ? 21617 : null;
}
