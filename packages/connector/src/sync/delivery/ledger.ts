import { digest } from '../../model/canonical.ts';

/**
 * What is kept under the name of a transition, 32 hexadecimal digits each. A message is noted as begun
 * before it is asked for: when the answer is lost with the process, it is asked for again under the same
 * key only, and not at all once the destination may have forgotten that key.
 */
export const SENT = '2'.padStart(32, '0');

const BEGUN = '3';

/** The request for a message is about to go out. `at` in milliseconds since the epoch. */
export function begunAt(at: number): string {
  return BEGUN + at.toString(16).padStart(31, '0');
}

export type Noted =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'begun'; readonly at: number }
  /** Sent, refused, or history. */
  | { readonly kind: 'done' };

export function readNote(value: string | null): Noted {
  if (value === null) return { kind: 'nothing' };
  return value.startsWith(BEGUN)
    ? { kind: 'begun', at: Number.parseInt(value.slice(1), 16) }
    : { kind: 'done' };
}

/** Under which name it is kept that a user's events wait for a rejected one. */
export function heldDigest(externalId: string): string {
  return digest(`held\u0000${externalId}`, 32);
}

export const HELD = '1'.padStart(32, '0');
export const NOT_HELD = '4'.padStart(32, '0');
