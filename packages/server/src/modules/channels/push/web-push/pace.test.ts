import { expect, it } from 'vitest';
import { Pace } from './pace.ts';

/** Keeps the thread busy. */
function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

it('work that is long lets others in between its pieces, however many do it', async () => {
  const pace = new Pace();
  let done = 0;
  let doneBefore = Number.NaN;
  setImmediate(() => (doneBefore = done));
  const worker = async () => {
    for (let piece = 0; piece < 10; piece += 1) {
      await pace.turn();
      work(2);
      done += 1;
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  expect(done).toBe(30);
  expect(doneBefore).toBeLessThan(30);
});
