import type { Clock } from '../../../platform/clock.ts';
import { makeStorable } from '../../../platform/http/storable-text.ts';
import { OutboundFault } from '../../../platform/outbound/index.ts';
import type { Outbound, OutboundAnswer } from '../../../platform/outbound/index.ts';
import { readRetryAfter } from '../../channels/index.ts';
import type { WebhookRequest } from './compose-request.ts';

const TIMEOUT_MS = 15_000;
const LARGEST_ANSWER = 1_048_576;
const KEPT_BYTES = 1_024;
/** 408 Request Timeout, 425 Too Early, 429 Too Many Requests: not the fault of what was sent. */
const LATER = new Set([408, 425, 429]);

/** What came of a request. `isTrouble`: the other side could not, whatever was sent. */
export interface PostResult {
  readonly outcome:
    | { readonly state: 'taken' }
    | {
        readonly state: 'failed';
        readonly reason: string;
        readonly afterMs: number | null;
        readonly isTrouble: boolean;
      }
    | { readonly state: 'gone'; readonly reason: string };
  readonly status: number | null;
  readonly milliseconds: number;
  /** The first kilobyte of the answer. */
  readonly answer: string | null;
}

/** Sends once, and tells what came of it. Never rejects because of the other side or the network. */
export async function postRequest(
  { clock, outbound }: { readonly clock: Clock; readonly outbound: Outbound },
  request: WebhookRequest,
): Promise<PostResult> {
  const from = performance.now();
  const since = () => Math.round(performance.now() - from);
  try {
    const answer = await outbound.request({ ...request, timeoutMs: TIMEOUT_MS, mostBytes: LARGEST_ANSWER });
    return {
      outcome: read(answer, clock.now()),
      status: answer.status,
      milliseconds: since(),
      answer: beginningOf(answer.body.toString('utf8', 0, KEPT_BYTES)),
    };
  } catch (error) {
    if (!(error instanceof OutboundFault)) throw error;
    const { message: reason, mayPass: isTrouble } = error;
    return {
      outcome: { state: 'failed', reason, afterMs: null, isTrouble },
      status: null,
      milliseconds: since(),
      answer: null,
    };
  }
}

function read({ status, headers }: OutboundAnswer, now: number): PostResult['outcome'] {
  if (status >= 200 && status < 300) return { state: 'taken' };
  if (status === 410) return { state: 'gone', reason: 'answered 410: it is gone for good' };
  if (status >= 500 || LATER.has(status)) {
    const afterMs = readRetryAfter(headers['retry-after'], now);
    return { state: 'failed', reason: `answered ${status}`, afterMs, isTrouble: true };
  }
  const more = status >= 300 && status < 400 ? ': redirects are not followed' : '';
  return { state: 'failed', reason: `answered ${status}${more}`, afterMs: null, isTrouble: false };
}

/** As much of a text as is kept, without what cannot be stored. */
export function beginningOf(text: string): string {
  return makeStorable(text.slice(0, KEPT_BYTES));
}
