import type { OutboundAnswer } from '../../../../platform/outbound/index.ts';
import type { Outcome } from '../../channel.ts';
import { readRetryAfter } from '../../retry-after.ts';
import { plainReason } from '../plain-reason.ts';

/** Codes of SNS that are about this message: it will never go to this number. */
const NEVER = new Set([
  'InvalidParameter',
  'InvalidParameterValue',
  'ParameterValueInvalid',
  'ValidationError',
]);
/** What has to be mended in AWS, or here; then it goes. */
const MEND: Readonly<Record<string, string>> = {
  AuthorizationError: 'permit sns:Publish to this user in IAM',
  AccessDenied: 'permit sns:Publish to this user in IAM',
  ExpiredToken: 'the session token has ended: set the keys anew with PUT /apps/{app_id}/channels/sms',
  InvalidClientTokenId: 'set the keys with PUT /apps/{app_id}/channels/sms',
  OptInRequired: 'turn SNS on for this account',
  RequestExpired: 'set the clock of this machine right',
  SignatureDoesNotMatch: 'set the keys and the region with PUT /apps/{app_id}/channels/sms',
};

/** Too much at a time, under the names that AWS has for it. */
const THROTTLED = new Set(['Throttled', 'Throttling', 'ThrottlingException']);

/** What SNS's answer to a message means. Its code decides; the status does where the table does not have the code. */
export function readSnsAnswer({ status, headers, body }: OutboundAnswer, now: number): Outcome {
  const xml = body.toString('utf8');
  if (status === 200) {
    const ref = /<MessageId>([\w-]{1,100})<\/MessageId>/.exec(xml)?.[1];
    if (ref !== undefined) return { state: 'sent', ref };
    // Whatever has answered there, it was not SNS as we know it: the message may have been taken or not.
    return { state: 'retry', reason: 'SNS answered 200 without a message', afterMs: null };
  }
  const code = /<Code>(\w{1,60})<\/Code>/.exec(xml)?.[1] ?? null;
  const words = /<Message>([^<]{1,500})<\/Message>/.exec(xml)?.[1];
  const reason = plainReason(code === null ? `SNS answered ${status}` : `SNS ${code}`, words);
  if (code !== null && NEVER.has(code)) return { state: 'failed', reason };
  const hint = code === null ? undefined : MEND[code];
  if (hint !== undefined) return { state: 'retry', reason: `${reason} (${hint})`, afterMs: null };
  if (status === 401 || status === 403 || status === 404) {
    return { state: 'retry', reason: `${reason} (look at the account and its region in AWS)`, afterMs: null };
  }
  const afterMs = readRetryAfter(headers['retry-after'], now);
  const isLimited = status === 429 || (code !== null && THROTTLED.has(code));
  return { state: 'retry', reason, afterMs, ...(isLimited && ({ limited: true } as const)) };
}
