import { describe, expect, it } from 'vitest';
import { medianOf, percentile, rounded } from './figures.ts';

describe('percentile', () => {
  it('finds the value at the given share of the sorted values', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(values, 0.5)).toBe(51);
    expect(percentile(values, 0.99)).toBe(100);
  });

  it('is 0 when there is nothing to choose from', () => {
    expect(percentile([], 0.5)).toBe(0);
  });
});

describe('medianOf', () => {
  it('takes the median of each figure over the rounds', async () => {
    const rates = [5, 1, 3];
    await expect(
      medianOf(3, (index) => Promise.resolve({ rate: rates[index] ?? 0, two: 2 })),
    ).resolves.toEqual({ rate: 3, two: 2 });
  });
});

describe('rounded', () => {
  it('keeps four significant digits', () => {
    expect(rounded({ rate: 20123.456, ratio: 0.123456 })).toEqual({ rate: 20120, ratio: 0.1235 });
  });
});
