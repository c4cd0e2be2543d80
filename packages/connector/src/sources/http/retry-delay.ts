const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** A server that asks for more than this is not waited for: the next look asks again. */
const LONGEST_ASKED_MS = 120_000;

/**
 * How long to wait before attempt `attempt + 1`, in milliseconds: what the server asks for (seconds, or a date), or
 * twice as long each time with a share of chance. null where it asks for too long.
 */
export function retryDelay(attempt: number, retryAfter: string | null, now = Date.now()): number | null {
  const backoff = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
  if (retryAfter === null) return backoff;
  const seconds = Number(retryAfter);
  const asked = Number.isNaN(seconds) ? Date.parse(retryAfter) - now : seconds * 1000;
  if (Number.isNaN(asked)) return backoff;
  return asked > LONGEST_ASKED_MS ? null : Math.max(0, asked);
}
