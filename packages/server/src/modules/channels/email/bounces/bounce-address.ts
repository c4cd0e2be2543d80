import type { TokenSigner } from '../../../../platform/crypto/index.ts';
import { REFERENCE_BYTES, readReference, referenceBytes } from '../../delivery-reference.ts';
import type { DeliveryReference } from '../../delivery-reference.ts';
import { fromBase32, toBase32 } from './base32.ts';

const PURPOSE = 'email bounce address';
/** With the reference 40 bytes: in base32 the 64 letters that a local part may have (RFC 5321 4.5.3.1.1). */
const MARK_BYTES = 7;
const LETTERS = 64;
const WEEK_MS = 7 * 24 * 3_600_000;
/** A mail server gives up after five days, and whoever reports a mail as spam may take longer. */
const WEEKS = 5;

/**
 * The envelope sender of a delivery (VERP): the reference, and 7 bytes of an HMAC over it, the week of the hand-over and
 * the domain, in base32. It names the delivery to us and to nobody else, and cannot be made without the master key.
 */
export function bounceAddressOf(
  signer: TokenSigner,
  reference: DeliveryReference,
  domain: string,
  now: number,
): string {
  const bytes = referenceBytes(reference);
  const mark = signer.mark(PURPOSE, markedBytes(bytes, domain, weekOf(now)), MARK_BYTES);
  return `${toBase32(Buffer.concat([bytes, mark]))}@${domain}`;
}

/** The delivery that such an address names; null when it is none of ours, or older than its week and the four after it. */
export function readBounceAddress(
  signer: TokenSigner,
  address: string,
  now: number,
): DeliveryReference | null {
  const at = address.lastIndexOf('@');
  if (at !== LETTERS) return null;
  const whole = fromBase32(address.slice(0, at));
  if (whole === null) return null;
  const bytes = whole.subarray(0, REFERENCE_BYTES);
  const mark = whole.subarray(REFERENCE_BYTES);
  const domain = address.slice(at + 1);
  const weeks = Array.from({ length: WEEKS }, (_, before) => weekOf(now) - before);
  const isOurs = weeks.some((week) => signer.isMark(PURPOSE, markedBytes(bytes, domain, week), mark));
  return isOurs ? readReference(bytes) : null;
}

function markedBytes(reference: Uint8Array, domain: string, week: number): Buffer {
  return Buffer.concat([reference, Buffer.from(` ${week} ${domain.toLowerCase()}`)]);
}

function weekOf(now: number): number {
  return Math.floor(now / WEEK_MS);
}
