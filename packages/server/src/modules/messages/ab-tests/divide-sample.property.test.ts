import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SLICES, sliceOf } from '../../audience/index.ts';
import { newId } from '../../../platform/ids.ts';
import { divideSample, sliceOfRest } from './divide-sample.ts';

const shares = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 2, maxLength: 10 });

it('everybody is in exactly one slice of the sample or in the rest', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: SLICES }), shares, fc.string(), (sample, some, salt) => {
      const slices = divideSample(salt, sample, some);
      if (slices === null) return;
      const rest = sliceOfRest(salt, sample);
      const all = rest === null ? slices : [...slices, rest];
      for (let n = 0; n < 20; n += 1) {
        const part = sliceOf(salt, newId());
        expect(all.filter(({ from, to }) => part >= from && part < to)).toHaveLength(1);
      }
      expect(all.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(SLICES);
    }),
  );
});

it('each share gets its part to a ten-thousandth, and none nothing', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: SLICES }), shares, (sample, some) => {
      const total = some.reduce((sum, share) => sum + share, 0);
      for (const [place, { from, to }] of (divideSample('s', sample, some) ?? []).entries()) {
        expect(to).toBeGreaterThan(from);
        expect(Math.abs(to - from - (sample * (some[place] ?? 0)) / total)).toBeLessThanOrEqual(1);
      }
    }),
  );
  expect(divideSample('s', 1, [1, 1])).toBeNull();
  expect(divideSample('s', 9, [1_000, 1])).toBeNull();
});
