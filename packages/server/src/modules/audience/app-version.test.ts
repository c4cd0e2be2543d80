import { expect, it } from 'vitest';
import { comparesVersion } from './app-version.ts';

it('counts the parts of a version as numbers, and zeros at its end for nothing', () => {
  expect(comparesVersion('2.9', '<', '2.10')).toBe(true);
  expect(comparesVersion('2.0.0', '=', '2')).toBe(true);
  expect(comparesVersion('2.0.1', '>', '2')).toBe(true);
  expect(comparesVersion('10', '>', '9.9')).toBe(true);
  expect(comparesVersion('100', '=', '1')).toBe(false);
});

it('knows no order of other text, only whether it is the same', () => {
  expect(comparesVersion('beta', '=', 'beta')).toBe(true);
  expect(comparesVersion('beta', '>', '1')).toBe(false);
  expect(comparesVersion(null, '!=', '1')).toBe(true);
  expect(comparesVersion(null, '<', '1')).toBe(false);
});
