import type { Clock } from '../../../../platform/clock.ts';
import type { Bell } from './bell.ts';

/** What another process has taken in is seen after this. */
const LOOK_AGAIN_MS = 1_000;

export interface WaitOptions {
  readonly clock: Clock;
  readonly bell: Bell;
  /** How long to wait, in milliseconds. */
  readonly waitMs: number;
  /** Nobody waits any more. */
  readonly isOver: () => boolean;
}

/** Lists until there is something in the list, or the time is over. */
export async function waitForMessages<Entry>(
  list: () => Promise<Entry[]>,
  { clock, bell, waitMs, isOver }: WaitOptions,
): Promise<Entry[]> {
  const end = clock.now() + waitMs;
  for (;;) {
    // Asked for before looking: what comes between the two rings as well.
    const left = end - clock.now();
    const next = left > 0 ? bell.next(Math.min(left, LOOK_AGAIN_MS)) : null;
    const found = await list();
    if (found.length > 0 || next === null || isOver()) return found;
    await next;
  }
}
