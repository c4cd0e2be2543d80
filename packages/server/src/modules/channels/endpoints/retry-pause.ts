/** Posts are of use for a day. */
const GIVE_UP_AFTER_MS = 24 * 3_600_000;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 3_600_000;
const GROWTH = 3;

/**
 * When a post is tried again, in milliseconds since the epoch, after `attempts` tries in vain; null when it is given
 * up, a day after it was accepted. `afterMs` is how long the other side asked to wait, which is kept.
 */
export function nextTry(
  { createdAt, attempts }: { readonly createdAt: number; readonly attempts: number },
  afterMs: number | null,
  now: number,
): number | null {
  const own = Math.min(FIRST_PAUSE_MS * GROWTH ** (attempts - 1), LONGEST_PAUSE_MS);
  const at = now + (afterMs ?? own);
  return at > createdAt + GIVE_UP_AFTER_MS ? null : at;
}
