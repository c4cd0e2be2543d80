import { SLICES } from '../../audience/index.ts';
import type { Slice } from '../../audience/index.ts';

/**
 * The slices of a sample, one after the other from 0 on, in proportion to the shares: everybody in the sample is
 * in exactly one. Null when there are too few parts for each share to have one.
 */
export function divideSample(salt: string, sample: number, shares: readonly number[]): Slice[] | null {
  const total = shares.reduce((sum, share) => sum + share, 0);
  let before = 0;
  const slices = shares.map((share): Slice => {
    const from = Math.round((sample * before) / total);
    before += share;
    return { kind: 'slice', salt, from, to: Math.round((sample * before) / total) };
  });
  return slices.every(({ from, to }) => to > from) ? slices : null;
}

/** Everybody who is not in the sample; null where that is nobody. */
export function sliceOfRest(salt: string, sample: number): Slice | null {
  return sample >= SLICES ? null : { kind: 'slice', salt, from: sample, to: SLICES };
}
