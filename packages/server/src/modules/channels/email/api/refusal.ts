import type { OutboundAnswer } from '../../../../platform/outbound/index.ts';
import type { Outcome } from '../../channel.ts';
import { readRetryAfter } from '../../retry-after.ts';
import { reasonFrom } from '../reason-from.ts';

/**
 * What a refusal says of a mail:
 *
 * - `address`: nobody can be reached at this address
 * - `message`: this mail will never be taken
 * - `settings`: the account has to be mended, and then it is taken
 * - `limited`: no more at a time from this account
 * - `busy`: not now
 */
export type MailFault = 'address' | 'message' | 'settings' | 'limited' | 'busy';

/** What the wire says of an address that cannot be reached. */
const UNREACHABLE = { notificationTypes: -10 };

export interface Refusal {
  readonly provider: string;
  readonly fault: MailFault;
  /** The provider's code, or the status where it has given none. */
  readonly code: string | number;
  /** Its words; empty for none. */
  readonly words: string;
  /** What whoever runs the app has to do about the settings. */
  readonly hint: string;
}

/** The outcome of a mail that a provider has refused. `now` in milliseconds since the epoch. */
export function outcomeOfRefusal(
  { provider, fault, code, words, hint }: Refusal,
  { headers }: OutboundAnswer,
  now: number,
): Outcome {
  const reason = reasonFrom(`${provider} ${code}${words === '' ? '' : `: ${words}`}`);
  switch (fault) {
    case 'address':
      return { state: 'failed', reason, address: UNREACHABLE };
    case 'message':
      return { state: 'failed', reason };
    case 'settings':
      return { state: 'retry', reason: `${reason} (${hint})`, afterMs: null };
    case 'limited':
    case 'busy': {
      const afterMs = readRetryAfter(headers['retry-after'], now);
      return { state: 'retry', reason, afterMs, ...(fault === 'limited' && ({ limited: true } as const)) };
    }
  }
}

/** By the status alone, where no code says more. A status that no table has is of the moment. */
export function faultOfStatus(status: number): MailFault {
  switch (status) {
    case 400:
    case 413:
    case 415:
    case 422:
      return 'message';
    case 401:
    case 402:
    case 403:
    case 404:
    case 405:
      return 'settings';
    case 429:
      return 'limited';
    default:
      return 'busy';
  }
}

/** What an answer is that says "taken" and has not the form of this provider's: the mail may have been taken or not. */
export function notAnAnswer(provider: string, status: number): Outcome {
  return { state: 'retry', reason: `${provider} answered ${status} without a mail`, afterMs: null };
}
