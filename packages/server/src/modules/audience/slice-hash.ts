import { createHash } from 'node:crypto';

/** Into how many parts slices divide everybody. */
export const SLICES = 10_000;

/** The part that a subscription, or a user, is in: 0 to 9,999. The condition in SQL counts the same. */
export function sliceOf(salt: string, id: string): number {
  return createHash('sha256').update(`${salt} ${id}`).digest().readUInt32BE(0) % SLICES;
}
