import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { signAwsRequest } from '../../../../platform/outbound/index.ts';

const FIVE_MINUTES_MS = 300_000;

/** Who has signed a request, or the code of why AWS does not take it. */
export type Signer = { readonly accessKeyId: string } | { readonly fault: string };

/**
 * Looks at a request's signature (AWS Signature Version 4). Whether it is right is only known where `secretOf` knows
 * the key.
 *
 * @param now milliseconds since the epoch
 */
export function signerOf(
  { headers, url = '' }: IncomingMessage,
  body: string,
  now: number,
  secretOf: (accessKeyId: string) => string | null,
): Signer {
  const given = headers.authorization ?? '';
  const scope =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/\d{8}\/([a-z\d-]+)\/sns\/aws4_request, SignedHeaders=/.exec(given);
  if (scope === null) return { fault: 'IncompleteSignature' };
  const [, accessKeyId = '', region = ''] = scope;
  const at = momentOf(headers['x-amz-date']);
  if (at === null || Math.abs(at - now) > FIVE_MINUTES_MS) return { fault: 'RequestExpired' };
  const secretAccessKey = secretOf(accessKeyId);
  if (secretAccessKey === null) return { accessKeyId };
  const signed = signAwsRequest(
    {
      service: 'sns',
      region,
      method: 'POST',
      url: `http://${headers.host ?? ''}${url}`,
      headers: { 'Content-Type': headers['content-type'] ?? '' },
      body,
    },
    { accessKeyId, secretAccessKey, sessionToken: null },
    at,
  );
  const [wanted, shown] = [Buffer.from(signed['Authorization'] ?? ''), Buffer.from(given)];
  const isRight = wanted.length === shown.length && timingSafeEqual(wanted, shown);
  return isRight ? { accessKeyId } : { fault: 'SignatureDoesNotMatch' };
}

/** `20261126T120000Z` in milliseconds since the epoch. */
function momentOf(text: unknown): number | null {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(typeof text === 'string' ? text : '');
  if (parts === null) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
