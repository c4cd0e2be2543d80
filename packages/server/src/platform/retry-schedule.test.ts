import { describe, expect, it } from 'vitest';
import { nextTryAt } from './retry-schedule.ts';

const at = (tries: number, afterMs: number | null = null, random = 0) =>
  nextTryAt([5, 300], tries, { now: 1_000_000, afterMs, random });

describe('the schedule of tries', () => {
  it('goes by the number of tries in vain, and ends', () => {
    expect([at(1), at(2), at(3)]).toEqual([1_005_000, 1_300_000, null]);
  });

  it('is a tenth late at most, at random', () => {
    expect(at(2, null, 1)).toBe(1_330_000);
  });

  it('waits as long as it was asked to, up to a day, and never less than its own time', () => {
    expect(at(1, 60_000)).toBe(1_060_000);
    expect(at(1, 1_000)).toBe(1_005_000);
    expect(at(1, 1e12)).toBe(1_000_000 + 86_400_000);
  });
});
