import type { Http2Answer } from '../../../../platform/outbound/index.ts';
import type { Outcome } from '../../channel.ts';
import { readRetryAfter } from '../../retry-after.ts';
import { readFcmError } from './read-fcm-error.ts';

/**
 * What an answer speaks of, by FCM's `ErrorCode` and the status of Google's APIs.
 *
 * - `address`: the device has no use for this token any more.
 * - `message`: this message is refused, whenever it is sent.
 * - `settings`: the service account or the project. Nothing is wrong with the message, and the operator can mend
 *   them while it waits.
 * - `access`: the access token is not valid (any more).
 * - `later`: Google's own trouble, or too much at a time.
 */
type Matter = 'address' | 'message' | 'settings' | 'access' | 'later';

export interface FcmVerdict {
  readonly about: Matter | 'nothing';
  readonly outcome: Outcome;
}

/** Uninstalled, or the permission taken back, as learned from the push service. */
const GONE = -10;

/** What FCM asks for where a 429 says nothing. */
const LEAST_WAIT_AT_QUOTA_MS = 60_000;

/**
 * A token of another project (`SENDER_ID_MISMATCH`) is refused for ever, but the subscription stays: with the service
 * account of a wrong project every one is answered so, and they would all be gone for one wrong setting.
 */
const CODES: Readonly<Record<string, readonly [Matter, string]>> = {
  UNREGISTERED: ['address', 'the app is not on the device any more'],
  SENDER_ID_MISMATCH: ['message', 'the token belongs to another Firebase project than the service account'],
  INVALID_ARGUMENT: ['message', 'the message is not valid'],
  QUOTA_EXCEEDED: ['later', 'too many messages at a time'],
  UNAVAILABLE: ['later', 'FCM takes nothing at the moment'],
  INTERNAL: ['later', 'Google has trouble of its own'],
  THIRD_PARTY_AUTH_ERROR: ['settings', 'the Firebase project lacks the key of another push service'],
  UNAUTHENTICATED: ['access', 'Google does not take the access token of the service account'],
  PERMISSION_DENIED: [
    'settings',
    'the service account may not send for the project: enable the Firebase Cloud Messaging API and give it the role that sends',
  ],
  NOT_FOUND: ['settings', 'there is no such project, or base_url is not the address of FCM'],
  RESOURCE_EXHAUSTED: ['later', 'too many requests at a time'],
};

/** @param now milliseconds since the epoch */
export function readFcmAnswer(answer: Http2Answer, now: number): FcmVerdict {
  const { status, headers, body } = answer;
  const { name, code, fields } = readFcmError(body);
  if (status === 200 && name !== null) return { about: 'nothing', outcome: { state: 'sent', ref: name } };
  const [matter, words] = CODES[code] ?? [
    matterOf(status),
    status === 200 ? 'the answer is none of FCM’s' : '',
  ];
  const about = code === 'INVALID_ARGUMENT' && fields.includes('message.token') ? 'address' : matter;
  const where = fields.length === 0 ? '' : `: ${fields.join(', ')}`;
  const reason = [String(status), code, words === '' ? '' : `(${words}${where})`].filter(Boolean).join(' ');
  switch (about) {
    case 'address':
      return { about, outcome: { state: 'failed', reason, address: { notificationTypes: GONE } } };
    case 'message':
      return { about, outcome: { state: 'failed', reason } };
    case 'settings':
    case 'access':
    case 'later': {
      const otherwise = status === 429 ? LEAST_WAIT_AT_QUOTA_MS : null;
      const afterMs = readRetryAfter(headers['retry-after'], now) ?? otherwise;
      const limited = status === 429 && ({ limited: true } as const);
      return { about, outcome: { state: 'retry', reason, afterMs, ...limited } };
    }
  }
}

/** What a status means that comes without a code known here: perhaps from a proxy on the way. */
function matterOf(status: number): Matter {
  if (status === 401) return 'access';
  if (status === 403 || status === 404) return 'settings';
  return status >= 400 && status < 500 && status !== 408 && status !== 429 ? 'message' : 'later';
}
