import { randomBytes } from 'node:crypto';
import { invalidField } from '../../../platform/http/invalid-field.ts';

/** As Standard Webhooks writes it. */
const PREFIX = 'whsec_';
const MADE_BYTES = 32;
const FEWEST_BYTES = 24;
const MOST_BYTES = 64;

export function makeWebhookSecret(): string {
  return PREFIX + randomBytes(MADE_BYTES).toString('base64');
}

/** Throws ApiError that names `secret`. */
export function readWebhookSecret(text: string): string {
  const encoded = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '';
  const { length } = secretBytes(text);
  const isWhole = /^[A-Za-z0-9+/]+={0,2}$/.test(encoded);
  if (!isWhole || length < FEWEST_BYTES || length > MOST_BYTES) {
    throw invalidField('secret', `must be ${PREFIX} and ${FEWEST_BYTES} to ${MOST_BYTES} bytes in base64`);
  }
  return text;
}

export function secretBytes(secret: string): Buffer {
  return Buffer.from(secret.slice(PREFIX.length), 'base64');
}
