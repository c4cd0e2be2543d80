import { expect, it } from 'vitest';
import { isUpTo } from './visibility.ts';

it('knows places in numbered logs, also where the number gets a digit', () => {
  const place = { file: 'binlog.999999', position: 400 };
  expect(isUpTo(place, 'binlog.999999', 399)).toBe(false);
  expect(isUpTo(place, 'binlog.999999', 400)).toBe(true);
  expect(isUpTo(place, 'binlog.999998', 900)).toBe(false);
  expect(isUpTo(place, 'binlog.1000000', 4)).toBe(true);
  expect(isUpTo({ file: 'binlog.1000000', position: 4 }, 'binlog.999999', 900)).toBe(false);
});
