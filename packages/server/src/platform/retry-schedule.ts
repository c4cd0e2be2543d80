/**
 * When something is tried again after `tries` tries in vain, in milliseconds since the epoch; null when it is not. A
 * little later at random, so that what failed together does not come together. `afterMs` is how long the other side
 * asked to wait, which is kept.
 */
export function nextTryAt(
  schedule: readonly number[],
  tries: number,
  {
    now,
    afterMs,
    random,
  }: { readonly now: number; readonly afterMs: number | null; readonly random: number },
): number | null {
  const seconds = schedule[tries - 1];
  if (seconds === undefined) return null;
  const own = seconds * 1_000 * (1 + random * JITTER);
  return Math.round(now + Math.max(own, Math.min(afterMs ?? 0, LONGEST_ASKED_MS)));
}

const JITTER = 0.1;
/** Nobody makes us wait for ever. */
const LONGEST_ASKED_MS = 24 * 3_600_000;
