import { setTimeout as pause } from 'node:timers/promises';

/** Calls `act` so many times at an even pace, without waiting for what it does; resolves when all is done. */
export async function inPace(
  perSecond: number,
  count: number,
  act: (n: number) => Promise<void>,
): Promise<void> {
  const start = performance.now();
  const acting: Promise<void>[] = [];
  for (let n = 0; n < count; n += 1) {
    const wait = start + (n * 1000) / perSecond - performance.now();
    if (wait > 1) await pause(wait);
    acting.push(act(n));
  }
  await Promise.all(acting);
}
