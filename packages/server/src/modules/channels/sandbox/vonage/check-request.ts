import { createPublicKey, verify } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isUuid } from '../../../../platform/ids.ts';

type Json = Readonly<Record<string, unknown>>;

const LONGEST_SMS = 1_000;
const LONGEST_LIFE_S = 86_400;

/**
 * The application whose token a request shows, or null. Whether it is signed with the application's key is looked at
 * where `publicKeyOf` knows it, PEM.
 *
 * @param now milliseconds since the epoch
 */
export function applicationOf(
  { headers }: IncomingMessage,
  now: number,
  publicKeyOf: (applicationId: string) => string | null,
): string | null {
  const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  const [head = '', payload = '', signature = ''] = token.split('.');
  const { application_id: id, iat, exp, jti } = partOf(payload);
  if (partOf(head)['alg'] !== 'RS256' || typeof id !== 'string' || !isUuid(id)) return null;
  if (typeof iat !== 'number' || typeof exp !== 'number' || typeof jti !== 'string') return null;
  const seconds = now / 1_000;
  if (iat > seconds + 60 || exp <= seconds || exp - iat > LONGEST_LIFE_S) return null;
  const publicKey = publicKeyOf(id);
  if (publicKey === null) return id;
  const signed = Buffer.from(`${head}.${payload}`);
  const isSigned = verify('sha256', signed, createPublicKey(publicKey), Buffer.from(signature, 'base64url'));
  return isSigned ? id : null;
}

/** A message as it was asked for. */
export interface AskedMessage {
  readonly channel: 'sms' | 'mms' | 'rcs';
  readonly from: string;
  /** With its plus. */
  readonly to: string;
  readonly text: string;
  readonly mediaUrls: readonly string[];
  readonly webhookUrl: string | null;
}

/** The message of a request, or the code of what Vonage finds wrong with it. */
export function readMessage(body: string): AskedMessage | string {
  const said = jsonOf(body);
  const { channel, from, to, message_type: type, webhook_url: webhookUrl } = said;
  if (channel !== 'sms' && channel !== 'mms' && channel !== 'rcs') return '1150';
  if (typeof to !== 'string' || !/^[1-9]\d{6,14}$/.test(to)) return '1430';
  if (typeof from !== 'string' || from === '') return '1420';
  if (typeof type !== 'string') return '1010';
  const common = {
    channel,
    from: /^\d{7,15}$/.test(from) ? `+${from}` : from,
    to: `+${to}`,
    webhookUrl: typeof webhookUrl === 'string' ? webhookUrl : null,
  } as const;
  if (type === 'text') {
    const text = said['text'];
    if (typeof text !== 'string' || text === '') return '1010';
    if (channel === 'sms' && text.length > LONGEST_SMS) return '1090';
    return { ...common, text, mediaUrls: [] };
  }
  if (channel === 'sms') return '1150';
  const { url, caption } = (said[type] ?? {}) as Json;
  if (typeof url !== 'string') return '1010';
  return { ...common, text: typeof caption === 'string' ? caption : '', mediaUrls: [url] };
}

function jsonOf(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Json) : {};
  } catch {
    return {};
  }
}

function partOf(text: string): Json {
  return jsonOf(Buffer.from(text, 'base64url').toString('utf8'));
}
