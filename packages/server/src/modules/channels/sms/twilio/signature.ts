import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Twilio's signature of its requests (twilio.com/docs/usage/webhooks/webhooks-security): HMAC-SHA1 with the
 * account's auth token over the address, followed by the names and values of the form in the order of the names.
 * Any other body is not part of it: its SHA-256 is in the address, as `bodySHA256`.
 */
export function signTwilioRequest(authToken: string, url: string, form: URLSearchParams): string {
  return macOf(authToken, url, form).toString('base64');
}

export interface SignedRequest {
  /** As Twilio was given it, query included. */
  readonly url: string;
  readonly contentType: string;
  /** As it came. */
  readonly body: string;
  /** The header X-Twilio-Signature. */
  readonly signature: unknown;
}

/** Whether whoever knows the auth token has made this request. */
export function isSignedByTwilio(authToken: string, request: SignedRequest): boolean {
  const { url, contentType, body, signature } = request;
  if (typeof signature !== 'string') return false;
  const given = Buffer.from(signature, 'base64');
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(contentType);
  if (!isForm && body !== '' && !hasSumOf(body, url)) return false;
  const form = new URLSearchParams(isForm ? body : '');
  return spellingsOf(url).some((spelling) => {
    const expected = macOf(authToken, spelling, form);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

function macOf(authToken: string, url: string, form: URLSearchParams): Buffer {
  // A value that a name has twice counts once.
  const pairs = new Set([...form].map(([name, value]) => JSON.stringify([name, value])));
  const sorted = [...pairs].map((pair) => JSON.parse(pair) as [string, string]).sort(inOrder);
  const text = url + sorted.map(([name, value]) => name + value).join('');
  return createHmac('sha1', authToken).update(text, 'utf8').digest();
}

function inOrder([a, one]: [string, string], [b, other]: [string, string]): number {
  if (a === b) return one < other ? -1 : 1;
  return a < b ? -1 : 1;
}

function hasSumOf(body: string, url: string): boolean {
  const sum = createHash('sha256').update(body, 'utf8').digest('hex');
  return new URL(url).searchParams.get('bodySHA256')?.toLowerCase() === sum;
}

/** Twilio signs the address with or without its scheme's own port, whichever way it was written down. */
function spellingsOf(url: string): string[] {
  const match = /^(https?):\/\/([^/?#]+?)(?::(\d+))?([/?#].*)?$/i.exec(url);
  if (match === null) return [url];
  const [, scheme = '', host = '', port, rest = ''] = match;
  const own = scheme.toLowerCase() === 'https' ? '443' : '80';
  if (port === undefined) return [url, `${scheme}://${host}:${own}${rest}`];
  return port === own ? [url, `${scheme}://${host}${rest}`] : [url];
}
