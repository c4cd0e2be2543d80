import { createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** The headers of a signed event webhook. */
export const SIGNATURE_HEADER = 'x-twilio-email-event-webhook-signature';
export const TIMESTAMP_HEADER = 'x-twilio-email-event-webhook-timestamp';

/** SendGrid goes on trying for a day. */
const LATEST_S = 25 * 3_600;
const EARLIEST_S = 300;

/** A verification key as SendGrid shows it, base64 of its DER; null when it is none of P-256. */
export function readVerificationKey(base64: string): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null;
  } catch {
    return null;
  }
}

/**
 * Whether whoever has the private key has signed this: ECDSA with SHA-256 over the timestamp, followed by the body.
 * `now` in milliseconds since the epoch.
 */
export function isSignedBySendGrid(
  publicKey: string,
  { headers, body, now }: { headers: Readonly<Record<string, unknown>>; body: string; now: number },
): boolean {
  const signature = headers[SIGNATURE_HEADER];
  const timestamp = headers[TIMESTAMP_HEADER];
  const key = readVerificationKey(publicKey);
  if (key === null || typeof signature !== 'string' || typeof timestamp !== 'string') return false;
  const age = now / 1_000 - Number(timestamp);
  if (!/^\d{1,12}$/.test(timestamp) || age > LATEST_S || age < -EARLIEST_S) return false;
  return verify('sha256', Buffer.from(timestamp + body), key, Buffer.from(signature, 'base64'));
}
