import type { OutboundAnswer } from '../../../../platform/outbound/index.ts';
import type { Outcome } from '../../channel.ts';
import { readRetryAfter } from '../../retry-after.ts';

/**
 * What an answer speaks of, by Amazon's reason and the status.
 *
 * - `address`: the app is not on the device any more.
 * - `unknown-token`: the registration id is none of this security profile's apps.
 * - `message`: this message is refused, whenever it is sent.
 * - `settings`: the security profile or the address. The operator can mend them while the message waits.
 * - `access`: the access token is not valid (any more).
 * - `later`: Amazon's own trouble, or too much at a time.
 */
type Matter = 'address' | 'unknown-token' | 'message' | 'settings' | 'access' | 'later';

export type AdmVerdict =
  /** `registrationId` is the one to use from now on. */
  | { readonly about: 'nothing'; readonly outcome: Outcome; readonly registrationId: string }
  | { readonly about: 'unknown-token'; readonly outcome: Outcome; readonly reason: string }
  | { readonly about: Exclude<Matter, 'unknown-token'>; readonly outcome: Outcome };

/** Uninstalled, or the permission taken back, as learned from the push service. */
const GONE = -10;

const REASONS: Readonly<Record<string, readonly [Matter, string]>> = {
  Unregistered: ['address', 'the app is not on the device any more'],
  InvalidRegistrationId: ['unknown-token', 'the registration id is none of this security profile’s apps'],
  InvalidData: ['message', 'the data is not valid'],
  InvalidConsolidationKey: ['message', 'the consolidation key is not valid'],
  InvalidExpiration: ['message', 'the expiry is not valid'],
  InvalidChecksum: ['message', 'the checksum is not that of the data'],
  InvalidType: ['message', 'the kind of the message is not valid'],
  MessageTooLarge: ['message', 'the message is too large'],
  AccessTokenExpired: ['access', 'the access token has expired'],
  MaxRateExceeded: ['later', 'too many messages at a time'],
  InternalServerError: ['later', 'Amazon has trouble of its own'],
  ServiceUnavailable: ['later', 'Amazon takes nothing at the moment'],
};

/** @param now milliseconds since the epoch */
export function readAdmAnswer({ status, headers, body }: OutboundAnswer, now: number): AdmVerdict {
  const { registrationId, reason: name } = readBody(body);
  if (status === 200 && registrationId !== null) {
    const ref = headers['x-amzn-requestid'];
    return {
      about: 'nothing',
      outcome: { state: 'sent', ref: typeof ref === 'string' ? ref : null },
      registrationId,
    };
  }
  const [about, words] = REASONS[name] ?? [
    matterOf(status),
    status === 200 ? 'the answer is none of Amazon’s' : '',
  ];
  const reason = [String(status), name, words === '' ? '' : `(${words})`].filter(Boolean).join(' ');
  switch (about) {
    case 'address':
      return { about, outcome: { state: 'failed', reason, address: { notificationTypes: GONE } } };
    case 'unknown-token':
      return { about, outcome: { state: 'failed', reason }, reason };
    case 'message':
      return { about, outcome: { state: 'failed', reason } };
    case 'settings':
    case 'access':
    case 'later': {
      const afterMs = readRetryAfter(headers['retry-after'], now);
      const limited = status === 429 && ({ limited: true } as const);
      return { about, outcome: { state: 'retry', reason, afterMs, ...limited } };
    }
  }
}

/** What a status means that comes without a reason known here: perhaps from a proxy on the way. */
function matterOf(status: number): Matter {
  if (status === 401) return 'access';
  if (status === 403 || status === 404) return 'settings';
  return status >= 400 && status < 500 && status !== 408 && status !== 429 ? 'message' : 'later';
}

const LONGEST_NAME = 60;
const LONGEST_ID = 2_048;

/** `{"registrationID": …}` or `{"reason": …}`. A proxy may answer anything. */
function readBody(body: Buffer): { readonly registrationId: string | null; readonly reason: string } {
  try {
    const { registrationID: id, reason } = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    return {
      registrationId: typeof id === 'string' && id.length <= LONGEST_ID ? id : null,
      reason: typeof reason === 'string' ? reason.replace(/\W/g, '').slice(0, LONGEST_NAME) : '',
    };
  } catch {
    return { registrationId: null, reason: '' };
  }
}
