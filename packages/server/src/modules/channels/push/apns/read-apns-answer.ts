import type { Http2Answer } from '../../../../platform/outbound/index.ts';
import type { Outcome } from '../../channel.ts';
import { readRetryAfter } from '../../retry-after.ts';

/**
 * By Apple's table of reasons ("Handling notification responses from APNs"): what an answer speaks of.
 *
 * - `unknown-token`: no such token in this environment. It may be one of the other environment.
 * - `address`: the device has no use for this token any more.
 * - `message`: this message is refused, whoever gets it and whenever.
 * - `settings`: the credentials, the topic or the environment. Nothing is wrong with the message, and the operator
 *   can mend them while it waits.
 * - `expired`: the provider token is too old.
 * - `later`: Apple's own trouble, or too much at a time.
 */
type Matter = 'unknown-token' | 'address' | 'message' | 'settings' | 'expired' | 'later';

export interface ApnsVerdict {
  readonly about: Matter | 'nothing';
  readonly outcome: Outcome;
}

/** Uninstalled, or the permission taken back, as learned from the push service. */
const GONE = -10;

/**
 * A token of another app (`DeviceTokenNotForTopic`) is refused for ever, but the subscription stays: with a wrong
 * bundle id every one is answered so, and they would all be gone for a mistyped setting.
 */
const REASONS: Readonly<Record<string, readonly [Matter, string]>> = {
  BadCollapseId: ['message', 'the collapse id is too long'],
  BadDeviceToken: ['unknown-token', 'the device token is not one of this environment'],
  BadExpirationDate: ['message', 'the expiry is not valid'],
  BadMessageId: ['message', 'the apns-id is not valid'],
  BadPriority: ['message', 'the priority is not valid'],
  BadTopic: ['settings', 'bundle_id is not valid'],
  DeviceTokenNotForTopic: ['message', 'the device token belongs to another app than bundle_id'],
  DuplicateHeaders: ['message', 'a header is there twice'],
  IdleTimeout: ['later', 'the connection was idle'],
  InvalidPushType: ['message', 'the push type is not valid'],
  MissingDeviceToken: ['address', 'there is no device token'],
  MissingTopic: ['settings', 'bundle_id is missing'],
  PayloadEmpty: ['message', 'the payload is empty'],
  TopicDisallowed: ['settings', 'the credentials may not send to bundle_id'],
  BadCertificate: ['settings', 'the certificate is not valid'],
  BadCertificateEnvironment: ['settings', 'the certificate is for the other environment'],
  Forbidden: ['settings', 'the credentials may not do this'],
  InvalidProviderToken: ['settings', 'key, key_id and team_id do not belong together'],
  MissingProviderToken: ['settings', 'there are neither a key nor a certificate that Apple accepts'],
  UnrelatedKeyIdInToken: ['settings', 'key_id is not the one that this connection began with'],
  BadEnvironmentKeyIdInToken: ['settings', 'key_id is a key for the other environment'],
  BadPath: ['message', 'the path is not valid'],
  MethodNotAllowed: ['message', 'the method is not valid'],
  ExpiredProviderToken: ['expired', 'the provider token has expired: is the clock of this machine right?'],
  ExpiredToken: ['address', 'the device token has expired'],
  Unregistered: ['address', 'the app is not on the device any more'],
  PayloadTooLarge: ['message', 'the payload is too large'],
  TooManyProviderTokenUpdates: ['later', 'the provider token was renewed too often'],
  TooManyRequests: ['later', 'too many messages to this device at a time'],
  InternalServerError: ['later', 'Apple has trouble of its own'],
  ServiceUnavailable: ['later', 'Apple takes nothing at the moment'],
  Shutdown: ['later', 'the server is shutting down'],
};

/** @param now milliseconds since the epoch */
export function readApnsAnswer(answer: Http2Answer, now: number): ApnsVerdict {
  const { status, headers } = answer;
  if (status === 200) {
    const id = headers['apns-id'];
    return { about: 'nothing', outcome: { state: 'sent', ref: typeof id === 'string' ? id : null } };
  }
  const { reason: name, timestamp } = readBody(answer.body);
  const [about, words] = REASONS[name] ?? [matterOf(status), ''];
  const since = timestamp === null ? '' : `, since ${new Date(timestamp).toISOString()}`;
  const reason = [String(status), name, words === '' ? '' : `(${words}${since})`].filter(Boolean).join(' ');
  switch (about) {
    case 'unknown-token':
    case 'address':
      return { about, outcome: { state: 'failed', reason, address: { notificationTypes: GONE } } };
    case 'message':
      return { about, outcome: { state: 'failed', reason } };
    case 'settings':
    case 'expired':
    case 'later': {
      const afterMs = readRetryAfter(headers['retry-after'], now);
      return { about, outcome: { state: 'retry', reason, afterMs } };
    }
  }
}

/** What a reason means that is not in Apple's table. 3xx and other 2xx are no answers of Apple's. */
function matterOf(status: number): Matter {
  if (status === 410) return 'address';
  if (status === 401 || status === 403) return 'settings';
  return status >= 400 && status < 500 && status !== 408 && status !== 429 ? 'message' : 'later';
}

const LONGEST_NAME = 60;

/** `{"reason": …, "timestamp": …}`; a 410 says since when, in milliseconds. A proxy may answer anything. */
function readBody(body: Buffer): { readonly reason: string; readonly timestamp: number | null } {
  try {
    const { reason, timestamp } = JSON.parse(body.toString('utf8')) as Readonly<Record<string, unknown>>;
    const isTime = typeof timestamp === 'number' && Math.abs(timestamp) < 8.64e15;
    return {
      reason: typeof reason === 'string' ? reason.replace(/\W/g, '').slice(0, LONGEST_NAME) : '',
      timestamp: isTime ? timestamp : null,
    };
  } catch {
    return { reason: '', timestamp: null };
  }
}
