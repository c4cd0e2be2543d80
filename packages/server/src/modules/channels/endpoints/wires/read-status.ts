import type { OutboundAnswer } from '../../../../platform/outbound/index.ts';
import { readRetryAfter } from '../../retry-after.ts';
import type { PostOutcome } from '../post.ts';

/** 408 Request Timeout, 425 Too Early, 429 Too Many Requests. */
const LATER = new Set([408, 425, 429]);

/**
 * What the status of an answer means: a server in trouble is asked again, whoever refuses is not. `words` is what
 * the other side calls it, where it has a word of its own.
 */
export function readStatus(answer: OutboundAnswer, now: number, words: string | null): PostOutcome {
  const { status } = answer;
  if (status >= 200 && status < 300) return { state: 'sent' };
  const reason = words === null ? `answered ${status}` : `answered ${status}: ${words}`;
  if (status >= 500 || LATER.has(status)) {
    return { state: 'retry', reason, afterMs: readRetryAfter(answer.headers['retry-after'], now) };
  }
  if (status >= 300 && status < 400) {
    return { state: 'failed', reason: `${reason}: redirects are not followed, set the URL that it leads to` };
  }
  return { state: 'failed', reason };
}
