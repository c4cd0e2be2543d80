import type { OutboundAnswer } from '../../../../platform/outbound/index.ts';
import type { Outcome } from '../../channel.ts';
import { readRetryAfter } from '../../retry-after.ts';
import { plainReason } from '../plain-reason.ts';
import { codeOfProblem, faultOfCode, hintOf } from './error-codes.ts';
import type { VonageFault } from './error-codes.ts';

/** What the wire says of an address that cannot be reached, and of a person who wants no more messages. */
const UNREACHABLE = { notificationTypes: -10 };
const UNSUBSCRIBED = { notificationTypes: -2 };
const THROTTLED = '1000';

/** What Vonage's answer to a message means: 202, or a problem (RFC 7807) whose type ends with a code. */
export function readVonageAnswer({ status, headers, body }: OutboundAnswer, now: number): Outcome {
  const said = parse(body);
  if (status === 202 || status === 200) {
    if (typeof said['message_uuid'] === 'string') return { state: 'sent', ref: said['message_uuid'] };
    // Whatever has answered there, it was not Vonage as we know it: the message may have been taken or not.
    return { state: 'retry', reason: `Vonage answered ${status} without a message`, afterMs: null };
  }
  const code = codeOfProblem(said['type']);
  const words = [said['title'], said['detail']].filter((each) => typeof each === 'string').join('. ');
  const reason = plainReason(code === null ? `Vonage answered ${status}` : `Vonage ${code}`, words);
  switch ((code === null ? null : faultOfCode(code)) ?? faultOfStatus(status, code)) {
    case 'address':
      return { state: 'failed', reason, address: UNREACHABLE };
    case 'unsubscribed':
      return { state: 'failed', reason, address: UNSUBSCRIBED };
    case 'message':
      return { state: 'failed', reason };
    case 'settings':
      return { state: 'retry', reason: `${reason} (${hintOf(code)})`, afterMs: null };
    case 'busy': {
      const afterMs = readRetryAfter(headers['retry-after'], now);
      const isLimited = status === 429 || code === THROTTLED;
      return { state: 'retry', reason, afterMs, ...(isLimited && ({ limited: true } as const)) };
    }
  }
}

function parse(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** A code that the table does not have: only what Vonage itself has found wrong is about the message. */
function faultOfStatus(status: number, code: string | null): VonageFault {
  if ((status === 400 || status === 422) && code !== null) return 'message';
  return status === 401 || status === 402 || status === 403 || status === 404 ? 'settings' : 'busy';
}
