import { setTimeout as pause } from 'node:timers/promises';

const LONGEST_PAUSE_MS = 100;

/**
 * Looks again and again until queries see what the log has told, or until `signal` ends. A log is read as soon as
 * it is on the disk, and others see a transaction only a moment after that: a row that is read again in
 * between is the old one, and its change would be lost. Where the server waits for a standby, the moment
 * is as long as that.
 */
export async function untilSeen(look: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  for (let wait = 1; !signal.aborted && !(await look()); wait = Math.min(LONGEST_PAUSE_MS, wait * 2)) {
    await pause(wait, undefined, { signal }).catch(() => undefined);
  }
}
