import { newId } from '../../../../platform/ids.ts';

/** An answer in Amazon's words. */
export function admReply(status: number, told: object, requestId = newId()) {
  return {
    kind: 'answer',
    status,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': requestId,
      ...(status === 200 && { 'x-amzn-type-version': 'com.amazon.device.messaging.ADMSendResult@1.0' }),
      ...(status === 429 && { 'retry-after': '30' }),
    },
    body: JSON.stringify(told),
  } as const;
}

/** How Login with Amazon says no. */
export function lwaRefusal(why: 'grant' | 'scope' | 'client') {
  const error = { grant: 'unsupported_grant_type', scope: 'invalid_scope', client: 'invalid_client' }[why];
  return {
    kind: 'answer',
    status: why === 'client' ? 401 : 400,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ error, error_description: 'The request was refused' }),
  } as const;
}
