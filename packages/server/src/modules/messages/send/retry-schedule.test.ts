import { describe, expect, it } from 'vitest';
import { MOST_ATTEMPTS, retryDelay } from './retry-schedule.ts';

describe('the retry schedule', () => {
  it('waits four times as long after each attempt, up to two hours', () => {
    const delays = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, index) => retryDelay(index + 1, null, 0));
    expect(delays).toEqual([5_000, 20_000, 80_000, 320_000, 1_280_000, 5_120_000, 7_200_000, 7_200_000]);
  });

  it('gives up after the last attempt', () => {
    expect(retryDelay(MOST_ATTEMPTS, null, 0)).toBeNull();
  });

  it('never comes back sooner than the provider asked', () => {
    expect(retryDelay(1, 60_000, 0)).toBe(60_000);
    expect(retryDelay(1, 60_000, 1)).toBe(72_000);
  });

  it('waits a day at most, whatever the provider asks', () => {
    expect(retryDelay(1, Number.MAX_VALUE, 0)).toBe(86_400_000);
  });
});
