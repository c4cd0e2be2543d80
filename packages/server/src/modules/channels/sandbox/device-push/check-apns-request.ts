import { createPublicKey, verify } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http2';
import { isUuid } from '../../../../platform/ids.ts';

/** Status and reason, as Apple's table has them. */
export interface ApnsRefusal {
  readonly status: number;
  readonly reason: string;
  readonly timestamp?: number;
}

const PUSH_TYPES = new Set([
  'alert',
  'background',
  'location',
  'voip',
  'complication',
  'fileprovider',
  'mdm',
  'liveactivity',
  'pushtotalk',
]);
const PRIORITIES = new Set(['1', '5', '10']);
const TOKEN_LIFE_S = 3_600;
const MOST_BYTES = 4_096;
const MOST_BYTES_VOIP = 5_120;

const refusal = (status: number, reason: string): ApnsRefusal => ({ status, reason });

/** Why Apple would refuse a request before it looks at the token; null when it would not. */
export function checkApnsRequest(headers: IncomingHttpHeaders, body: Buffer): ApnsRefusal | null {
  if (headers[':method'] !== 'POST') return refusal(405, 'MethodNotAllowed');
  if (headers['apns-topic'] === undefined) return refusal(400, 'MissingTopic');
  const id = headers['apns-id'];
  if (id !== undefined && !(typeof id === 'string' && isUuid(id))) return refusal(400, 'BadMessageId');
  const pushType = headers['apns-push-type'] ?? 'alert';
  if (typeof pushType !== 'string' || !PUSH_TYPES.has(pushType)) return refusal(400, 'InvalidPushType');
  const isOfActivities = String(headers['apns-topic']).endsWith('.push-type.liveactivity');
  if (isOfActivities !== (pushType === 'liveactivity')) return refusal(400, 'TopicDisallowed');
  const priority = headers['apns-priority'] ?? '10';
  if (typeof priority !== 'string' || !PRIORITIES.has(priority)) return refusal(400, 'BadPriority');
  if (pushType === 'background' && priority === '10') return refusal(400, 'BadPriority');
  if (!/^\d{1,12}$/.test(String(headers['apns-expiration'] ?? '0'))) return refusal(400, 'BadExpirationDate');
  const collapseId = headers['apns-collapse-id'] ?? '';
  if (Buffer.byteLength(String(collapseId)) > 64) return refusal(400, 'BadCollapseId');
  if (body.length === 0) return refusal(400, 'PayloadEmpty');
  if (body.length > (pushType === 'voip' ? MOST_BYTES_VOIP : MOST_BYTES))
    return refusal(413, 'PayloadTooLarge');
  return null;
}

/**
 * Why Apple would refuse a provider token; null when it would not. Whether it is signed with the team's key is
 * looked at where `publicKey`, PEM, is known.
 *
 * @param now milliseconds since the epoch
 */
export function checkProviderToken(
  authorization: string | undefined,
  now: number,
  publicKey: string | null,
): ApnsRefusal | null {
  const token = /^bearer (.+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) return refusal(403, 'MissingProviderToken');
  const invalid = refusal(403, 'InvalidProviderToken');
  const [head, claims, signature = ''] = token.split('.');
  const header = partOf(head);
  const { iss, iat } = partOf(claims);
  if (header['alg'] !== 'ES256' || typeof header['kid'] !== 'string' || typeof iss !== 'string')
    return invalid;
  if (typeof iat !== 'number') return invalid;
  if (publicKey !== null) {
    const key = { key: createPublicKey(publicKey), dsaEncoding: 'ieee-p1363' } as const;
    const signed = Buffer.from(`${head}.${claims}`);
    if (!verify('sha256', signed, key, Buffer.from(signature, 'base64url'))) return invalid;
  }
  return now / 1_000 - iat > TOKEN_LIFE_S ? refusal(403, 'ExpiredProviderToken') : null;
}

function partOf(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(Buffer.from(text ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}
