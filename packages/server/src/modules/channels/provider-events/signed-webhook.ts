import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Hmac, KeyObject } from 'node:crypto';

/** Signed requests after the Standard Webhooks specification (standardwebhooks.com), version v1. */
export interface WebhookHeaders {
  readonly 'webhook-id': string;
  /** Seconds since the epoch. */
  readonly 'webhook-timestamp': string;
  /** One or more `v1,<base64>`, separated by spaces. */
  readonly 'webhook-signature': string;
}

/** How far the sender's clock may be off, and how late a request may arrive. */
const TOLERANCE_S = 300;

/** `secret`: who signs much makes a key of it once. `now` in milliseconds since the epoch. */
export function signWebhook(
  secret: Uint8Array | KeyObject,
  id: string,
  now: number,
  body: string,
): WebhookHeaders {
  const timestamp = String(Math.floor(now / 1_000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${macOf(secret, id, timestamp, body).digest('base64')}`,
  };
}

/** True when one of the signatures fits and the time is near `now` (milliseconds). */
export function isSignedWebhook(
  secret: Uint8Array,
  headers: Readonly<Record<string, unknown>>,
  now: number,
  body: string,
): boolean {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signatures = headers['webhook-signature'];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') return false;
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now / 1_000 - Number(timestamp)) > TOLERANCE_S) return false;
  const expected = macOf(secret, id, timestamp, body).digest();
  return signatures.split(' ').some((signature) => {
    const given = Buffer.from(/^v1,(.+)$/.exec(signature)?.[1] ?? '', 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

function macOf(secret: Uint8Array | KeyObject, id: string, timestamp: string, body: string): Hmac {
  return createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`);
}
