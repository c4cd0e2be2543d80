import type { HuaweiCode } from './huawei-replies.ts';

type Json = Readonly<Record<string, unknown>>;

const MOST_TOKENS = 1_000;
const MOST_BYTES = 4_096;
const LONGEST_TTL_S = 15 * 24 * 3_600;
const ANDROID_FIELDS = new Set([
  'collapse_key',
  'urgency',
  'category',
  'ttl',
  'bi_tag',
  'receipt_id',
  'fast_app_target',
  'data',
  'notification',
]);

/** What Huawei would say of a request's body before it looks at the tokens; null when it would take it. */
export function faultInHuaweiMessage(payload: Json | null): HuaweiCode | null {
  const message = objectOf(payload?.['message']);
  if (message === null) return '80100003';
  const { token, ...rest } = message;
  const tokens = Array.isArray(token) && token.every((each) => typeof each === 'string') ? token : [];
  if (tokens.length === 0 || tokens.length > MOST_TOKENS) return '80300010';
  if (Buffer.byteLength(JSON.stringify(rest)) > MOST_BYTES) return '80300008';
  const android = objectOf(rest['android'] ?? {});
  if (android === null || Object.keys(android).some((name) => !ANDROID_FIELDS.has(name))) return '80100003';
  if (rest['data'] !== undefined && typeof rest['data'] !== 'string') return '80100003';
  const { ttl = '86400s' } = android;
  const seconds = typeof ttl === 'string' ? Number(/^(\d{1,9})s$/.exec(ttl)?.[1]) : Number.NaN;
  if (!(seconds >= 1 && seconds <= LONGEST_TTL_S)) return '80100001';
  return android['notification'] === undefined
    ? null
    : faultInNotification(objectOf(android['notification']));
}

function faultInNotification(notification: Json | null): HuaweiCode | null {
  if (notification === null) return '80100003';
  if (typeof notification['title'] !== 'string' || typeof notification['body'] !== 'string')
    return '80100001';
  const click = objectOf(notification['click_action']);
  if (click === null || ![1, 2, 3].includes(Number(click['type']))) return '80100003';
  if (click['type'] === 2 && !String(click['url']).startsWith('https://')) return '80100001';
  if (click['type'] === 1 && typeof click['intent'] !== 'string') return '80100001';
  const { color = '#000000' } = notification;
  return typeof color === 'string' && /^#[0-9a-f]{6}$/i.test(color) ? null : '80100001';
}

function objectOf(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}
