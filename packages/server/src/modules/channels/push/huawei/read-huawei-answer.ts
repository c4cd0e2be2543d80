import type { OutboundAnswer } from '../../../../platform/outbound/index.ts';
import type { Outcome } from '../../channel.ts';
import { readRetryAfter } from '../../retry-after.ts';
import { readHuaweiWords } from './read-huawei-words.ts';

/**
 * What an answer speaks of, by Huawei's code and the status.
 *
 * - `tokens`: some of the request's tokens are none of this app; the others were taken.
 * - `all-tokens`: all of them are none.
 * - `message`: this message is refused, whenever it is sent.
 * - `settings`: the app, its secret or its permissions. The operator can mend them while the message waits.
 * - `access`: the access token is not valid (any more).
 * - `later`: Huawei's own trouble, or too much at a time.
 */
type Matter = 'tokens' | 'all-tokens' | 'message' | 'settings' | 'access' | 'later';

export type HuaweiVerdict =
  | { readonly about: 'nothing'; readonly outcome: Outcome }
  /** `outcome` is for the tokens that are not `refused`. */
  | {
      readonly about: 'tokens';
      readonly outcome: Outcome;
      readonly refused: ReadonlySet<string>;
      readonly reason: string;
    }
  | { readonly about: 'all-tokens'; readonly outcome: Outcome; readonly reason: string }
  | { readonly about: Exclude<Matter, 'tokens' | 'all-tokens'>; readonly outcome: Outcome };

const SUCCESS = '80000000';

const CODES: Readonly<Record<string, readonly [Matter, string]>> = {
  '80100000': ['tokens', 'the token is none of this app, or the app is not on the device any more'],
  '80100001': ['message', 'a parameter of the message is not valid'],
  '80100003': ['message', 'the structure of the message is not valid'],
  '80100004': ['message', 'the message has expired'],
  '80100013': ['message', 'the collapse key is not valid'],
  '80100016': ['message', 'the message has words that Huawei does not pass on'],
  '80200001': [
    'access',
    'Huawei does not take the access token: do app_id and client_secret belong together?',
  ],
  '80200003': ['access', 'the access token has expired'],
  '80300002': [
    'settings',
    'app_id or project_id is not that of the client secret, or Push Kit is not enabled for it',
  ],
  '80300007': ['all-tokens', 'the token is none of this app, or the app is not on the device any more'],
  '80300008': ['message', 'the message is too large'],
  '80300010': ['message', 'there are too many tokens in one request'],
  '80300011': [
    'message',
    'the app may not send urgent data: leave priority out, or ask Huawei for the permission',
  ],
  '80600003': ['later', 'Huawei could not check the access token'],
  '81000001': ['later', 'Huawei has trouble of its own'],
};

/** What Huawei asks for where it slows an app down and says nothing of how long. */
const WAIT_AT_FLOW_CONTROL_MS = 60_000;

/** @param now milliseconds since the epoch */
export function readHuaweiAnswer({ status, headers, body }: OutboundAnswer, now: number): HuaweiVerdict {
  const { code, requestId, illegalTokens } = readHuaweiWords(body);
  if (code === SUCCESS) return { about: 'nothing', outcome: { state: 'sent', ref: requestId } };
  const [about, words] = CODES[code] ?? [
    matterOf(status, code),
    status === 200 ? 'the answer is none of Huawei’s' : '',
  ];
  const reason = [code === '' ? String(status) : code, words === '' ? '' : `(${words})`]
    .filter(Boolean)
    .join(' ');
  switch (about) {
    case 'tokens':
      // Who of them was taken is not known without their list.
      return illegalTokens === null
        ? { about: 'later', outcome: { state: 'retry', reason, afterMs: null } }
        : { about, outcome: { state: 'sent', ref: requestId }, refused: illegalTokens, reason };
    case 'all-tokens':
      return { about, outcome: { state: 'failed', reason }, reason };
    case 'message':
      return { about, outcome: { state: 'failed', reason } };
    case 'settings':
    case 'access':
    case 'later': {
      const otherwise = status === 503 || status === 429 ? WAIT_AT_FLOW_CONTROL_MS : null;
      const afterMs = readRetryAfter(headers['retry-after'], now) ?? otherwise;
      // Flow control has no code of its own.
      const limited = otherwise !== null && code === '' && ({ limited: true } as const);
      return { about, outcome: { state: 'retry', reason, afterMs, ...limited } };
    }
  }
}

/** What a status means that comes without a code known here: perhaps from a proxy on the way. */
function matterOf(status: number, code: string): Matter {
  if (status === 401) return 'access';
  if (status === 403 || status === 404) return 'settings';
  return status === 400 && code !== '' ? 'message' : 'later';
}
