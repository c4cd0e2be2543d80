import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Receive } from '../config/back.ts';

/** How far the sender's clock may be off, and how late a request may arrive, in seconds. */
const TOLERANCE = 300;

/**
 * Is this request from the target? null when it is, else what is wrong with it. Signatures are those
 * of Standard Webhooks (v1). `now` in milliseconds.
 */
export function verifySender(
  { signedWith, secretHeader }: Receive,
  headers: IncomingHttpHeaders,
  body: Buffer,
  now: number,
): string | null {
  if (secretHeader !== undefined) {
    const given = headers[secretHeader.name.toLowerCase()];
    if (typeof given !== 'string') return `the header ${secretHeader.name} is missing`;
    return sameText(given, secretHeader.value) ? null : `the header ${secretHeader.name} is not the secret`;
  }
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures } = headers;
  if (typeof id !== 'string' || typeof time !== 'string' || typeof signatures !== 'string') {
    return 'webhook-id, webhook-timestamp and webhook-signature are needed';
  }
  if (!/^\d{1,12}$/.test(time) || Math.abs(now / 1000 - Number(time)) > TOLERANCE) {
    return `webhook-timestamp is more than ${TOLERANCE} seconds from now`;
  }
  const fits = [signedWith ?? []].flat().some((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const mac = createHmac('sha256', key).update(`${id}.${time}.`).update(body).digest('base64');
    return signatures.split(' ').some((signature) => sameText(signature, `v1,${mac}`));
  });
  return fits ? null : 'no signature fits';
}

/** Takes as long whatever differs. */
function sameText(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
