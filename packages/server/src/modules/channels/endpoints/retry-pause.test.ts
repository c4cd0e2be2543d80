import { describe, expect, it } from 'vitest';
import { nextTry } from './retry-pause.ts';

const HOUR = 3_600_000;
const pauseAfter = (attempts: number) => nextTry({ createdAt: 0, attempts }, null, 1_000)! - 1_000;

describe('a post that was not taken', () => {
  it('is tried again after pauses that grow up to an hour', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 30].map(pauseAfter)).toEqual([
      5_000,
      15_000,
      45_000,
      135_000,
      405_000,
      1_215_000,
      HOUR,
      HOUR,
      HOUR,
    ]);
  });

  it('waits as long as the other side has asked, be it shorter or longer', () => {
    expect(nextTry({ createdAt: 0, attempts: 5 }, 250, 1_000)).toBe(1_250);
    expect(nextTry({ createdAt: 0, attempts: 1 }, 5 * HOUR, 1_000)).toBe(5 * HOUR + 1_000);
  });

  it('is given up when the next try would come more than a day after it was accepted', () => {
    expect(nextTry({ createdAt: 0, attempts: 9 }, null, 23 * HOUR)).toBe(24 * HOUR);
    expect(nextTry({ createdAt: 0, attempts: 9 }, null, 23 * HOUR + 1)).toBeNull();
    expect(nextTry({ createdAt: 0, attempts: 1 }, 25 * HOUR, 0)).toBeNull();
  });
});
