import { newId } from '../../../../platform/ids.ts';

const CODES = {
  '80000000': [200, 'Success'],
  '80100000': [200, ''],
  '80100001': [400, 'Parameter is invalid'],
  '80100003': [400, 'Message structure error'],
  '80200001': [401, 'Oauth authentication error'],
  '80300007': [400, 'All the tokens are invalid'],
  '80300008': [400, 'The message body size exceeds the default value'],
  '80300010': [400, 'The number of tokens in the message body exceeds the default value'],
  '80600003': [500, 'Oauth service request failed'],
  '81000001': [500, 'System internal error'],
} as const;

export type HuaweiCode = keyof typeof CODES;

/** An answer in Huawei's words; `told` goes into `msg` as JSON. */
export function huaweiReply(code: HuaweiCode, requestId = newId().replaceAll('-', ''), told?: object) {
  const [status, words] = CODES[code];
  const msg = told === undefined ? words : JSON.stringify(told);
  return {
    kind: 'answer',
    status,
    headers: { 'content-type': 'application/json;charset=utf-8' },
    body: JSON.stringify({ code, msg, requestId }),
  } as const;
}

/** How Huawei's token endpoint says no. */
export function tokenRefusal(why: 'grant' | 'scope' | 'client') {
  const words = why === 'client' ? 'invalid client_id or client_secret' : 'invalid request';
  return {
    kind: 'answer',
    status: 400,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      error: 1101,
      sub_error: why === 'client' ? 20044 : 20001,
      error_description: words,
    }),
  } as const;
}
