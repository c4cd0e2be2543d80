/**
 * Time is an input. Everything that depends on the time of day (timers, expiry, retries, leases of
 * work between our own parts) asks this clock, so that a test can run a year in seconds.
 *
 * The exceptions are between machines and live on the database's clock: the lanes' lease, and the windows
 * of rate limits.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch, a whole number. */
  now(): number;
  /**
   * Calls `fire` once when `now()` has reached `at` (milliseconds since the epoch). An `at` in the
   * past fires on the next turn of the event loop.
   */
  at(at: number, fire: () => void): Timer;
}

export interface Timer {
  cancel(): void;
}

/** Node refuses longer delays: it would fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  at(at, fire) {
    let handle: NodeJS.Timeout;
    const arm = () => {
      const wait = at - Date.now();
      handle =
        wait > LONGEST_DELAY_MS ? setTimeout(arm, LONGEST_DELAY_MS) : setTimeout(fire, Math.max(0, wait));
      handle.unref();
    };
    arm();
    return { cancel: () => clearTimeout(handle) };
  },
};

/** Resolves when `clock` has moved on by `ms`. Pending sleeps do not keep the process alive. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.at(clock.now() + ms, resolve));
}
