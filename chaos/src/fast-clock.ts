import type { Clock } from '@carillon/server';

/**
 * Real time, `speed` times as fast, counted from `base` (milliseconds since the epoch). Processes with
 * the same base and speed agree on the time, so what takes minutes happens in seconds everywhere.
 */
export function fastClock(base: number, speed: number): Clock {
  const now = () => base + Math.floor((Date.now() - base) * speed);
  return {
    now,
    at(at, fire) {
      let timer: NodeJS.Timeout;
      const arm = () => {
        const wait = Math.ceil((at - now()) / speed);
        timer = setTimeout(() => (now() >= at ? fire() : arm()), Math.min(Math.max(0, wait), 60_000));
        timer.unref();
      };
      arm();
      return { cancel: () => clearTimeout(timer) };
    },
  };
}
