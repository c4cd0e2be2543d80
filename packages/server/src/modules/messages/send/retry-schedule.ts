/** Hand-overs in all before a delivery is given up: the last one about six hours after the first. */
export const MOST_ATTEMPTS = 9;

const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 2 * 3_600_000;
/** A provider may ask for this much, and not for a year. */
const LONGEST_ASKED_MS = 24 * 3_600_000;

/**
 * How long to wait before the next hand-over, in milliseconds, or null when there is none.
 * Four times as long each time, never sooner than the provider asked (within a day), with up to a fifth added at
 * random so that what failed together does not come back together.
 *
 * @param attempts hand-overs so far, 1 or more
 * @param asked milliseconds the provider asked to wait, or null
 * @param random from 0 to 1
 */
export function retryDelay(attempts: number, asked: number | null, random: number): number | null {
  if (attempts >= MOST_ATTEMPTS) return null;
  const grown = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 4 ** (attempts - 1));
  return Math.round(Math.max(Math.min(asked ?? 0, LONGEST_ASKED_MS), grown) * (1 + random / 5));
}
