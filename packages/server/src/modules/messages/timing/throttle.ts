import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import { retryTransient } from '../../../platform/database/retry.ts';
import type { Chunk } from '../chunk.ts';
import { holdChunk, reserveTurn } from './throttle-store.ts';

const MINUTE_MS = 60_000;
/** A page lasts two seconds at most, so that the rate is even. */
const PAGES_A_MINUTE = 30;

/** Recipients of a page of a throttled message. */
export function throttledPage(perMinute: number): number {
  return Math.max(1, Math.floor(perMinute / PAGES_A_MINUTE));
}

/**
 * Whether a page of a throttled message may go now. If not, its chunk has been given back until it may, and its
 * place is kept: a chunk comes up once for each page, however many wait.
 */
export async function mayGo(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  chunk: Chunk,
  recipients: number,
  perMinute: number,
): Promise<boolean> {
  const now = clock.now();
  const spanMs = (recipients * MINUTE_MS) / perMinute;
  const at = await retryTransient(() => reserveTurn(database, chunk.messageId, now, spanMs));
  if (at <= now) return true;
  await retryTransient(() => holdChunk(database, chunk, recipients, at));
  return false;
}
