import type { OutboundAnswer } from '../../../../platform/outbound/index.ts';
import type { Outcome } from '../../channel.ts';
import { faultOfCode, hintOf } from './error-codes.ts';
import type { TwilioFault } from './error-codes.ts';
import { readRetryAfter } from '../../retry-after.ts';
import { plainReason } from '../plain-reason.ts';

/** What the wire says of an address that cannot be reached, and of a person who wants no more messages. */
const UNREACHABLE = { notificationTypes: -10 };
const UNSUBSCRIBED = { notificationTypes: -2 };

/** What Twilio's answer to a message means. Its own code decides; the status does where there is none. */
export function readTwilioAnswer(answer: OutboundAnswer, now: number): Outcome {
  const { status } = answer;
  const said = parse(answer.body);
  if (status === 200 || status === 201) {
    if (typeof said['sid'] === 'string') return { state: 'sent', ref: said['sid'] };
    // Whatever has answered there, it was not Twilio as we know it: the message may have been taken or not.
    return { state: 'retry', reason: `Twilio answered ${status} without a message`, afterMs: null };
  }
  const code = typeof said['code'] === 'number' ? said['code'] : null;
  const reason = plainReason(code === null ? `Twilio answered ${status}` : `Twilio ${code}`, said['message']);
  const fault = (code === null ? null : faultOfCode(code)) ?? faultOfStatus(status, code);
  switch (fault) {
    case 'address':
      return { state: 'failed', reason, address: UNREACHABLE };
    case 'unsubscribed':
      return { state: 'failed', reason, address: UNSUBSCRIBED };
    case 'message':
      return { state: 'failed', reason };
    case 'settings':
      return { state: 'retry', reason: `${reason} (${hintOf(code ?? hintCodeOf(status))})`, afterMs: null };
    case 'busy': {
      const afterMs = readRetryAfter(answer.headers['retry-after'], now);
      return { state: 'retry', reason, afterMs, ...(status === 429 && ({ limited: true } as const)) };
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

/** A code that the table does not have: only a 400 that Twilio itself has given a code is about the message. */
function faultOfStatus(status: number, code: number | null): TwilioFault {
  if (status === 400 && code !== null) return 'message';
  return status === 401 || status === 403 || status === 404 ? 'settings' : 'busy';
}

function hintCodeOf(status: number): number {
  return status === 404 ? 20404 : 20003;
}
