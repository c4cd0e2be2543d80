import type { Outcome } from '../../channel.ts';
import { readRetryAfter } from '../../retry-after.ts';

/** An answer of a push service. */
export interface PushAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

/** Uninstalled, or the permission taken back, as learned from the push service. */
const GONE = -10;

const LONGEST_REASON = 200;
const ADDRESS = /https?:\/\/\S+/g;

/**
 * What became of a push, by RFC 8030 and RFC 8292.
 *
 * 404 and 410 end the subscription. -10 and not -22: the latter is for what the browser itself tells its worker,
 * and for people who are unsubscribed by hand.
 *
 * 401 and 403 refuse the app's key or its token, of which `refused` knows more. While nobody has taken them, the
 * account can be mended and the message waits. Where others have, it is this subscription that was made for another
 * key; it stays, because the app may yet bring that key along.
 *
 * @param now milliseconds since the epoch
 */
export function outcomeOfAnswer(
  { status, headers, body }: PushAnswer,
  now: number,
  refused: 'key' | 'subscription' = 'key',
): Outcome {
  if (status >= 200 && status < 300) return { state: 'sent', ref: pathOf(headers['location']) };
  const reason = reasonOf(status, body);
  if (status === 404 || status === 410) {
    return { state: 'failed', reason, address: { notificationTypes: GONE } };
  }
  if (isKeyRefused(status) && refused === 'subscription') {
    return { state: 'failed', reason: reasonOf(status, body, FOR_ANOTHER_KEY) };
  }
  if (!isFinal(status))
    return { state: 'retry', reason, afterMs: readRetryAfter(headers['retry-after'], now) };
  return { state: 'failed', reason };
}

/** True for a refusal of the app's key or of the token signed with it. */
export function isKeyRefused(status: number): boolean {
  return status === 401 || status === 403;
}

/** Whether the same request would get the same answer. Redirects are not followed and may end. */
function isFinal(status: number): boolean {
  const mayPass =
    isKeyRefused(status) || status === 408 || status === 421 || status === 425 || status === 429;
  return status >= 400 && status < 500 && !mayPass;
}

/** Push services name a message by an address of their own; its path tells it apart. */
function pathOf(location: PushAnswer['headers'][string]): string | null {
  if (typeof location !== 'string') return null;
  const base = 'http://push.invalid';
  return URL.canParse(location, base) ? new URL(location, base).pathname : null;
}

/** The service's own words, without the endpoint: whoever knows it can address the browser. */
function reasonOf(status: number, body: Buffer, meaning = MEANINGS[status]): string {
  const words = body.toString('utf8').replace(ADDRESS, '<address>').replace(/\s+/g, ' ').trim();
  const said = words === '' ? '' : `: ${words}`;
  return `${status} ${meaning ?? 'from the push service'}${said}`.slice(0, LONGEST_REASON);
}

const FOR_ANOTHER_KEY =
  'the subscription was made with another VAPID key than the app has now: its browser has to subscribe anew';

const MEANINGS: Readonly<Record<number, string>> = {
  400: 'the push service does not understand the request',
  401: 'the push service does not take the VAPID token of the app',
  403: 'the push service refuses the VAPID key of the app: the subscription may have been made with another one, or the subject is not acceptable',
  404: 'the subscription is gone',
  410: 'the subscription is gone',
  413: 'the message is too large for the push service',
  429: 'the push service takes no more for now',
};
