import { expect, it } from 'vitest';
import { bytesOf, countOf, spanOf } from './ago.ts';

it('tells spans in their two largest units', () => {
  expect([0, 999, 1000, 61_000, 3_600_000, 3_900_000, 90_000_000].map(spanOf)).toEqual([
    '0s',
    '0s',
    '1s',
    '1m 1s',
    '1h',
    '1h 5m',
    '1d 1h',
  ]);
});

it('tells sizes and counts as people read them', () => {
  expect([0, 999, 1000, 1536, 12_000_000, 3_400_000_000].map(bytesOf)).toEqual([
    '0 B',
    '999 B',
    '1 kB',
    '1.5 kB',
    '12 MB',
    '3.4 GB',
  ]);
  expect(countOf(1_234_567)).toBe('1,234,567');
});
